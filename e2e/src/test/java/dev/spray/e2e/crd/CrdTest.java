package dev.spray.e2e.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The committed CRD is the one that the types make; {@code make crds} writes it. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class CrdTest {
  private static final Path FILE = Testbed.ROOT.resolve("crds/ray.io_rayclusters.yaml");

  /** kubectl apply keeps the whole object in an annotation, and annotations end here. */
  private static final int LARGEST_APPLIED_OBJECT = 262_144;

  @Test
  void isUpToDate(Testbed testbed) throws IOException {
    try (var client = testbed.client()) {
      ObjectNode crd = RayClusterCrd.generate(client);
      String yaml = client.getKubernetesSerialization().asYaml(crd);
      if (Boolean.getBoolean("crds.write")) {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, yaml);
      }
      assertThat(FILE).as("run `make crds` and commit").exists().hasContent(yaml);
      assertThat(client.getKubernetesSerialization().asJson(crd))
          .hasSizeLessThan(LARGEST_APPLIED_OBJECT);
    }
  }

  @Test
  void isAcceptedByPlainKubectlApply(Testbed testbed) {
    String kubectl = Testbed.tool("kubectl");
    String output =
        Testbed.execute(
            List.of(
                kubectl,
                "--kubeconfig",
                testbed.kubeconfig().toString(),
                "apply",
                // Tests share the CRD: what this apply would note in it would disturb others.
                "--dry-run=server",
                "-f",
                FILE.toString()));
    assertThat(output).contains("rayclusters.ray.io");
  }
}
