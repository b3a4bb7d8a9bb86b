package dev.spray.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What an API server returned after KubeRay v1.7 had carried out its own samples. The recordings
 * lie beside the work tree and are not part of this project.
 */
public final class KubeRayGolden {
  /** Stands in the recordings for the namespace that they were made in. */
  public static final String NAMESPACE = "NAMESPACE";

  /** Those samples whose fields this operator has. */
  public static Stream<String> cases() {
    return Stream.of(
        "ray-cluster.sample",
        "ray-cluster.complete",
        "ray-cluster.head-command",
        "ray-cluster.overwrite-command",
        "ray-cluster.auth-manual",
        "ray-cluster.embed-grafana",
        "ray-cluster.fluentbit",
        "ray-cluster.platform-events",
        "ray-cluster.sandbox",
        "ray-cluster.separate-ingress",
        "ray-cluster.tls",
        "ray-cluster.uv",
        "ray-cluster.kai-scheduler",
        "ray-cluster-resource-isolation-with-overrides.gke",
        "ray-cluster.volcano-scheduler",
        "ray-cluster.volcano-scheduler-queue",
        "ray-cluster.tpu-v4-singlehost",
        "ray-cluster.tpu-v6e-singlehost");
  }

  /** The text of a file of a case; the test is skipped where there are no recordings. */
  public static String read(String name, String file) throws IOException {
    Path golden = root().resolve("../shared/golden").normalize();
    assumeTrue(Files.isDirectory(golden), "skipped: ../shared/golden is absent");
    return Files.readString(golden.resolve(name).resolve(file), UTF_8);
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("operator")) ? here : here.getParent();
  }

  private KubeRayGolden() {}
}
