package dev.spray.e2e.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.KubeRayGolden;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * KubeRay's own samples through the whole operator: children, status and Events are what KubeRay
 * v1.7 made of them, but for what is meant to differ. The recordings are not part of this project.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
@EnabledIf(
    value = "dev.spray.operator.KubeRayGolden#isPresent",
    disabledReason = "../shared/golden is absent")
class KubeRayReplayTest {
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

  /** All, so that no sample is forgotten. */
  static Stream<String> compared() throws IOException {
    return KubeRayGolden.recorded().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("compared")
  void isWhatKubeRayMade(String name) throws IOException {
    Recording theirs =
        Recording.parse(
            KubeRayGolden.read(name, "children.yaml"), KubeRayGolden.read(name, "status.yaml"));

    playground.apply(KubeRayGolden.read(name, "input.yaml"));

    Playground.await()
        .untilAsserted(() -> assertThat(Recording.of(playground).unmeantAgainst(theirs)).isEmpty());
  }
}
