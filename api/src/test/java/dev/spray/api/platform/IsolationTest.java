package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The ways to keep a node for one Ray pod, beside the one that is shipped. */
class IsolationTest {
  private static final Path GKE = Path.of("../helm/sp-ray-operator/files/platform/gke.yaml");
  private static final String PORT = "isolatedBy: HostPort\n  hostPort: 10003";

  @Test
  void aPortThatEachPodTakesOfItsNode() throws IOException {
    Resolution.Resolved resolved = resolved("{groups: [{groupName: w}]}", byPort());
    PodSpec head = resolved.head().template().getSpec();
    PodSpec worker = resolved.groups().get(0).template().getSpec();

    assertThat(worker.getAffinity().getPodAntiAffinity()).isNull();
    assertThat(worker.getContainers().get(0).getPorts())
        .singleElement()
        .satisfies(port -> {
          assertThat(port.getHostPort()).isEqualTo(10003);
          assertThat(port.getProtocol()).isEqualTo("UDP");
        });
    assertThat(head.getContainers().get(0).getPorts())
        .as("a service offers what is named")
        .extracting("name")
        .contains("gcs-server", "dashboard", "client", "metrics", "serve", Isolation.PORT);
  }

  @Test
  void ofOwnTemplatesThatAreSilentToo() throws IOException {
    Decoration decoration = new Decoration(PlatformSpec.NOTHING, byPort());

    assertThat(decoration.of(pod("containers: [{name: r}]")).getContainers().get(0).getPorts())
        .extracting("hostPort")
        .containsExactly(10003);
    assertThat(
            decoration
                .of(pod("affinity: {podAntiAffinity: {}}\ncontainers: [{name: r}]"))
                .getContainers()
                .get(0)
                .getPorts())
        .as("it has its own way")
        .isEmpty();
  }

  @Test
  void sizeNeedsNoWord() throws IOException {
    PodSpec head =
        resolved("{}", configuration("isolatedBy: AntiAffinity", "isolatedBy: Size"))
            .head()
            .template()
            .getSpec();

    assertThat(head.getAffinity().getPodAntiAffinity()).isNull();
    assertThat(head.getContainers().get(0).getPorts()).isEmpty();
  }

  @Test
  void noMoreWhereTheClassOfNodesDoesItByItself() throws IOException {
    PlatformConfiguration autopilot =
        configuration(
            "computeClassLabel:",
            "computeClasses: {Performance: {imageStreaming: true, onePodPerNode: true}}\n"
                + "  computeClassLabel:");

    assertThat(
            resolved("{placement: {computeClass: Performance}}", autopilot)
                .head()
                .template()
                .getSpec()
                .getAffinity())
        .isNull();
  }

  private static PlatformConfiguration byPort() throws IOException {
    return ConfigurationFile.parse(
        Files.readString(GKE)
            .replace("isolatedBy: AntiAffinity", PORT)
            .replace("podSecurity: Restricted", "podSecurity: Unrestricted"));
  }

  private static PlatformConfiguration configuration(String from, String to) throws IOException {
    return ConfigurationFile.parse(Files.readString(GKE).replace(from, to));
  }

  private static Resolution.Resolved resolved(
      String platform, PlatformConfiguration configuration) {
    return (Resolution.Resolved)
        Resolve.of(
            "demo",
            Serialization.unmarshal("---\n" + platform, PlatformSpec.class),
            UserFields.NONE,
            configuration);
  }

  private static PodSpec pod(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, PodSpec.class);
  }
}
