package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.PlatformConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformFileTest {
  private static final Path SHIPPED = Path.of("../helm/sp-ray-operator/files/platform");

  @Test
  void withoutAFileGkesHolds() {
    try (PlatformFile platform = new PlatformFile(Optional.empty(), () -> {})) {
      assertThat(platform.get().configuration().orElseThrow().accelerators()).containsKey("v6e");
    }
  }

  @Test
  void aChangedFileHoldsAndABadOneDoesNot(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("platform.yaml");
    String small = Files.readString(SHIPPED.resolve("small.yaml"));
    Files.writeString(file, small);
    try (PlatformFile platform = new PlatformFile(Optional.of(file), () -> {})) {
      PlatformConfiguration first = platform.get().configuration().orElseThrow();
      assertThat(platform.isGood()).isTrue();
      assertThat(platform.look()).as("unchanged").isFalse();

      Files.writeString(file, small.replace("sizes:", "sises:"));
      assertThat(platform.look()).isFalse();
      assertThat(platform.isGood()).isFalse();
      assertThat(platform.get().configuration()).contains(first);
      assertThat(platform.get().problem().orElseThrow()).contains("there is no key sises");

      Files.writeString(file, Files.readString(SHIPPED.resolve("gke.yaml")));
      assertThat(platform.look()).isTrue();
      assertThat(platform.isGood()).isTrue();
      assertThat(platform.get().configuration()).isNotEqualTo(Optional.of(first));

      Files.delete(file);
      assertThat(platform.look()).isFalse();
      assertThat(platform.get().configuration()).isPresent();
      Files.writeString(file, small);
      assertThat(platform.look()).isTrue();
      assertThat(platform.isGood()).isTrue();
    }
  }

  @Test
  void aFileThatWasNeverGoodIsToldOf(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("absent.yaml");
    try (PlatformFile platform = new PlatformFile(Optional.of(file), () -> {})) {
      assertThat(platform.get().configuration()).isEmpty();
      assertThat(platform.get().problem().orElseThrow()).contains("it can't be read");
      assertThat(platform.look()).as("the same problem").isFalse();

      Files.writeString(file, "sises: {}");
      assertThat(platform.look()).as("clusters wait for another reason").isTrue();
      assertThat(platform.get().problem().orElseThrow()).doesNotContain("it can't be read");
    }
  }
}
