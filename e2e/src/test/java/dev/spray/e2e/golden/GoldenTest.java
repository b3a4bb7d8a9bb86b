package dev.spray.e2e.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the operator makes of whole manifests before a pod runs, each in {@code golden/<case>}.
 * After a change that is meant, {@code -Dgolden.write=true} writes them anew, and the diff is what
 * the change does to users.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class GoldenTest {
  private static final Path GOLDEN = Testbed.ROOT.resolve("e2e/src/test/resources/golden");

  /** Only for writing: whoever compares knows what he waits for. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> cases = Files.list(GOLDEN)) {
      return cases.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAsRecorded(String name) throws IOException {
    Path children = GOLDEN.resolve(name).resolve("children.yaml");
    Path status = GOLDEN.resolve(name).resolve("status.yaml");

    playground.apply(Files.readString(GOLDEN.resolve(name).resolve("input.yaml"), UTF_8));
    if (Boolean.getBoolean("golden.write")) {
      Recording settled = settled();
      Files.writeString(children, settled.childrenYaml(), UTF_8);
      Files.writeString(status, settled.statusYaml(), UTF_8);
    }

    Playground.await()
        .untilAsserted(() -> {
          Recording now = Recording.of(playground);
          assertThat(now.childrenYaml()).isEqualTo(Files.readString(children, UTF_8));
          assertThat(now.statusYaml()).isEqualTo(Files.readString(status, UTF_8));
        });
  }

  private Recording settled() {
    AtomicReference<Recording> last = new AtomicReference<>();
    Playground.await()
        .during(QUIET)
        .until(() -> {
          Recording now = Recording.of(playground);
          return now.equals(last.getAndSet(now)) && !now.status().isEmpty();
        });
    return last.get();
  }
}
