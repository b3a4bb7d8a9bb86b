package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static final Path SMALL = Path.of("../helm/sp-ray-operator/files/platform/small.yaml");

  @Test
  void whatIsShippedIsRead() {
    PlatformConfiguration gke = ConfigurationFile.shipped(ConfigurationFile.GKE);
    PlatformConfiguration small = ConfigurationFile.shipped(ConfigurationFile.SMALL);

    assertThat(gke.accelerators()).containsKeys("t4", "a100", "h100", "v6e");
    assertThat(gke.capacity()).containsOnlyKeys("OnDemand", "Spot", "FlexStart", "Reservation");
    assertThat(gke.revision())
        .isEqualTo(ConfigurationFile.shipped(ConfigurationFile.GKE).revision())
        .isNotEqualTo(small.revision());
  }

  @Test
  void usersAreWarnedAQuarterOfAnHourUnlessOtherwiseSaid() throws IOException {
    assertThat(ConfigurationFile.shipped(ConfigurationFile.GKE).expiryWarning()).hasMinutes(15);
    assertThat(ConfigurationFile.shipped(ConfigurationFile.SMALL).expiryWarning()).hasMinutes(15);
    assertThat(
            ConfigurationFile.parse(Files.readString(SMALL) + "lifecycle: {warning: 1h}\n")
                .expiryWarning())
        .hasHours(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sizes:|colour: red\\nsizes:|there is no key colour; possible are accelerators, apiVersion",
        "head: {cpu: 500m,|head: {cpus: 500m,|there is no key sizes.head.cpus; possible are cpu, m",
        "kind: GPU|kind: DPU|there is no DPU; possible are GPU and TPU",
        "default: ray|default: rya|images.default: there is no image rya; possible are [ray]",
        "isolatedBy: AntiAffinity|isolatedBy: Luck|possible are AntiAffinity, HostPort, Size",
        "imageStreaming: \"Off\"|imageStreaming: Preferred|placement.streamingNodes is missing",
        "  imageStreaming: \"Off\"|  streamingRegistries: [https://ghcr.io]|is no host; write it",
        "isolatedBy: AntiAffinity|isolatedBy: HostPort|placement.hostPort: nothing is no port",
        "isolatedBy: AntiAffinity|isolatedBy: HostPort\\n  hostPort: 70000|70000 is no port",
        "isolatedBy: AntiAffinity|isolatedBy: HostPort\\n  hostPort: 9|restricted standard has no",
        "isolatedBy: AntiAffinity|hostPort: 9|is for isolatedBy: HostPort; set that, or remove it",
        "  OnDemand: {}|  Sometimes: {}|there is no key capacity.Sometimes; possible are",
        "size: {cpu: 500m,|size: {cpu: 3,|is more than the 2 CPUs and 8Gi that are allocatable",
        "count: 1,|count: 0,|count is missing",
        "label: nvidia-tesla-a100|label: nvidia-tesla-t4|are both called nvidia-tesla-t4",
        "cpu: \"2\"|cpu: two|is no amount above zero",
        "kind: PlatformConfiguration|kind: Other|it must have apiVersion",
        "userId: 1000|userId: root|security.userId",
        "security:|lifecycle: {warning: soon}\\nsecurity:|lifecycle.warning: \"soon\" is no time",
        "security:|lifecycle: {warn: 1h}\\nsecurity:|there is no key lifecycle.warn; possible are w",
        "images:|images: [|it is not YAML"
      })
  void whatIsWrongIsNamed(String from, String to, String sentence) throws IOException {
    String yaml = Files.readString(SMALL);
    String wrong = yaml.replace(from.strip(), to.strip().replace("\\n", "\n"));
    assertThat(wrong).isNotEqualTo(yaml);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfigurationFile.parse(wrong))
        .withMessageContaining(sentence);
  }
}
