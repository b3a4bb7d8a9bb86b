package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Short specs and what they become with the configuration for GKE. {@code -Dplatform.write=true}
 * writes what they become now.
 */
class ResolveGoldenTest {
  private static final Path CASES = Path.of("src/test/resources/platform");

  static Stream<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".resolved.yaml"))
          .map(name -> name.replace(".yaml", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void becomesWhatIsWritten(String name) throws IOException {
    Path golden = CASES.resolve(name + ".resolved.yaml");
    String resolved = resolved(Files.readString(CASES.resolve(name + ".yaml")));
    if (Boolean.getBoolean("platform.write")) {
      Files.writeString(golden, resolved);
    }

    assertThat(resolved).isEqualTo(Files.readString(golden));
  }

  private static String resolved(String platform) {
    Resolution resolution =
        Resolve.of(
            "my-cluster",
            Serialization.unmarshal(platform, PlatformSpec.class),
            UserFields.NONE,
            WorkspaceTest.gke("example.com/sp-ray-workspace-tools:0.1.0"));
    return Serialization.asYaml(
        Serialization.unmarshal(Serialization.asJson(resolution), JsonNode.class));
  }
}
