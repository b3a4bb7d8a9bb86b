package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.e2e.testbed.Playground.OperatorFactory;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.BuggyOperators;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite notices bugs: the same faults pass over the operator and fail over a broken one. */
@Tag("faults")
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class DeliberateBugsTest {
  private static final FaultRule LATE_NEWS =
      FaultRule.of(
          "late news of pods",
          FaultMatch.events("pods"),
          FaultAction.delayEvents(Duration.ofSeconds(2)));

  private static final FaultRule LOST_ANSWER =
      FaultRule.of(
          "lost answer",
          FaultMatch.requests("create", "pods").nth(2),
          FaultRule.Phase.AFTER_COMMIT,
          FaultAction.cutStream());

  private KubernetesClient admin;
  private Chronicle chronicle;
  private FaultProxy proxy;

  @BeforeEach
  void setUp(Testbed testbed) {
    admin = testbed.client();
    chronicle = new Chronicle(admin);
    proxy = FaultProxy.of(testbed);
  }

  @AfterEach
  void tearDown() {
    chronicle.close();
    admin.close();
  }

  static Stream<Arguments> bugs() {
    return Stream.of(
        bug(
            "no overlay of own writes",
            "creates of what exists",
            BuggyOperators.withoutOverlay(),
            LATE_NEWS),
        bug(
            "generateName",
            "more was made or deleted",
            BuggyOperators.generatingNames(),
            LATE_NEWS,
            LOST_ANSWER),
        bug(
            "a retrying client",
            "creates of what exists",
            BuggyOperators.retryingWrites(),
            LOST_ANSWER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void isNoticed(
      String bug, String by, OperatorFactory broken, FaultRule[] faults, Testbed testbed) {
    Scenario create = MoreScenarios.named("create");
    new CrashRun(testbed, proxy, chronicle, RayOperator::new).run(create, faults);

    CrashRun runs = new CrashRun(testbed, proxy, chronicle, broken);
    assertThatThrownBy(() -> runs.run(create, faults)).as(bug).hasMessageContaining(by);
  }

  private static Arguments bug(
      String name, String noticedBy, OperatorFactory broken, FaultRule... faults) {
    return Arguments.of(name, noticedBy, broken, faults);
  }
}
