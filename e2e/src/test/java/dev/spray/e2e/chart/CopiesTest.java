package dev.spray.e2e.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the sources hold more than once says the same everywhere. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class CopiesTest {
  private static final Path KUSTOMIZE = Testbed.ROOT.resolve("deploy/kustomize");
  private static final Path CRDS = Testbed.ROOT.resolve("crds");
  private static final Path COPIES = Helm.CHART.resolve("files/crds");

  @Test
  void chartHasTheCrds() throws IOException {
    List<Path> names = names(CRDS);
    assertThat(names).isNotEmpty();
    assertThat(names(COPIES)).isEqualTo(names);
    for (Path name : names) {
      assertThat(COPIES.resolve(name))
          .as("run `make crds` and commit")
          .hasSameTextualContentAs(CRDS.resolve(name));
    }
    assertThat(Files.readString(COPIES.resolve("kustomization.yaml")))
        .contains(names.stream().map(name -> "- " + name).toList());
  }

  /** Rendering parses the CRD and writes it anew: nothing may get lost or rounded on the way. */
  @Test
  void renderedCrdIsTheCrd(Testbed testbed) throws IOException {
    String rendered = Helm.template("copies-test", "ray", "--show-only", "templates/crds.yaml");
    try (KubernetesClient client = testbed.client()) {
      KubernetesSerialization yaml = client.getKubernetesSerialization();
      ObjectNode crd = yaml.unmarshal(rendered, ObjectNode.class);
      JsonNode source =
          yaml.unmarshal(Files.readString(CRDS.resolve("ray.io_rayclusters.yaml")), JsonNode.class);
      assertThat(crd.get("spec")).isEqualTo(source.get("spec"));
      assertThat(crd.at("/metadata/annotations/helm.sh~1resource-policy").asText())
          .isEqualTo("keep");
    }
  }

  @Test
  void kustomizeIsWhatTheChartRenders(@TempDir Path dir) {
    Path rendered = dir.resolve("operator.yaml");
    var _ = Testbed.execute(List.of(KUSTOMIZE.resolve("render").toString(), rendered.toString()));
    assertThat(KUSTOMIZE.resolve("operator.yaml"))
        .as("run deploy/kustomize/render and commit")
        .hasSameTextualContentAs(rendered);
  }

  @Test
  void kustomizeBuildsAllObjectsOfTheChart(Testbed testbed) {
    String built =
        Testbed.execute(List.of(Testbed.tool("kubectl"), "kustomize", KUSTOMIZE.toString()));
    try (KubernetesClient client = testbed.client()) {
      assertThat(identities(client, built))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of("Namespace ray-system"),
                      identities(client, Helm.template("sp-ray-operator", "ray-system")).stream())
                  .toList());
    }
  }

  private static List<Path> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(Path::getFileName)
          .filter(name -> name.toString().startsWith("ray.io_"))
          .sorted()
          .toList();
    }
  }

  private static List<String> identities(KubernetesClient client, String manifest) {
    List<HasMetadata> objects =
        client.load(new ByteArrayInputStream(manifest.getBytes(UTF_8))).items();
    return objects.stream().map(o -> o.getKind() + " " + o.getMetadata().getName()).toList();
  }
}
