package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pods that the operator's golden files hold are pods to an API server. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class GoldenPodsTest {
  private static final Path GOLDEN = Testbed.ROOT.resolve("operator/src/test/resources/golden");

  @ParameterizedTest
  @MethodSource("cases")
  void anApiServerTakesThem(String name, Testbed testbed) throws IOException {
    String pods = Files.readString(GOLDEN.resolve(name).resolve("pods.yaml"));
    try (Playground playground = new Playground(testbed)) {
      Kubectl.Result created =
          playground.kubectl(
              pods.replace("\"playground\"", playground.namespace()),
              "create",
              "--dry-run=server",
              "--validate=strict",
              "-f",
              "-");

      assertThat(created.exitCode()).as(created.output()).isZero();
      assertThat(created.output()).contains("-head created");
    }
  }

  static Stream<String> cases() throws IOException {
    try (Stream<Path> directories = Files.list(GOLDEN)) {
      return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }
}
