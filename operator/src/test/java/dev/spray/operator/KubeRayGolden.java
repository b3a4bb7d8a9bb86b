package dev.spray.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        "ray-cluster.historyserver",
        "ray-cluster.kubernetes.auth",
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
        "ray-cluster.tpu-v6e-singlehost",
        "ray-cluster.embedded-gcs-ft",
        "ray-cluster.external-redis-uri",
        "ray-cluster.persistent-redis-sidecar");
  }

  /** Those samples whose pods this operator makes. */
  public static Stream<String> podCases() {
    return Stream.concat(
        cases(),
        Stream.of(
            "ray-cluster-label-selector",
            "ray-cluster.auth",
            "ray-cluster.autoscaler",
            "ray-cluster.autoscaler-v2",
            "ray-cluster.custom-head-service",
            "ray-cluster.network-policy-deny-all",
            "ray-cluster.tpu-v6e-16-multihost"));
  }

  /** Whether the recordings are there. */
  public static boolean isPresent() {
    return Files.isDirectory(path());
  }

  /** The names of all recordings; the test is skipped where there are none. */
  public static List<String> recorded() throws IOException {
    try (Stream<Path> directories = Files.list(directory())) {
      return directories.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** The text of a file of a case; the test is skipped where there are no recordings. */
  public static String read(String name, String file) throws IOException {
    return Files.readString(directory().resolve(name).resolve(file), UTF_8);
  }

  /** What KubeRay had made of a sample; the test is skipped where there are no recordings. */
  public static List<HasMetadata> children(String name) throws IOException {
    return Stream.of(read(name, "children.yaml").split("(?m)^---\\s*$", -1))
        .filter(document -> !document.isBlank())
        .map(KubeRayGolden::child)
        .toList();
  }

  /** An object, of the type that its kind has. */
  public static HasMetadata child(String document) {
    String kind = Serialization.unmarshal(document, GenericKubernetesResource.class).getKind();
    return switch (kind) {
      case "Pod" -> Serialization.unmarshal(document, Pod.class);
      case "Service" -> Serialization.unmarshal(document, Service.class);
      default -> Serialization.unmarshal(document, GenericKubernetesResource.class);
    };
  }

  private static Path directory() {
    assumeTrue(isPresent(), "skipped: ../shared/golden is absent");
    return path();
  }

  private static Path path() {
    return root().resolve("../shared/golden").normalize();
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("operator")) ? here : here.getParent();
  }

  private KubeRayGolden() {}
}
