package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Playground.OperatorFactory;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import java.time.Duration;

/** One scenario in a namespace of its own, in which the operator is killed once. */
final class CrashRun {
  private static final String KILL = "kill";

  /** Before a cluster expires, in those scenarios in which one does. */
  private static final String WARNING = "2s";

  private static final Duration STEADY = Duration.ofMillis(500);

  private final Testbed testbed;
  private final FaultProxy proxy;
  private final Chronicle chronicle;
  private final OperatorFactory factory;

  /**
   * @param chronicle watches the testbed
   * @param factory the operator that is tested, or one with a deliberate bug
   */
  CrashRun(Testbed testbed, FaultProxy proxy, Chronicle chronicle, OperatorFactory factory) {
    this.testbed = testbed;
    this.proxy = proxy;
    this.chronicle = chronicle;
    this.factory = factory;
  }

  /**
   * Runs a scenario, kills the operator at a write and lets the next one finish.
   *
   * @throws AssertionError when the end isn't what it is without a crash
   */
  void run(Scenario scenario, CrashPoint point) {
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane()) {
      RayOperator first =
          begin(
              scenario,
              playground,
              lane,
              FaultRule.stopAtWrite(KILL, point.write(), point.phase()));
      lane.awaitFired(KILL);
      // Dead to the API server from here on; what it still thinks reaches nobody.
      lane.cutOff();
      lane.release();
      first.close();

      playground.startOperator(playground.operatorConfig(), factory);
      await(scenario, playground);
    }
  }

  /** Runs a scenario without a crash, but with these faults from the change on. */
  void run(Scenario scenario, FaultRule... faults) {
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane()) {
      begin(scenario, playground, lane, faults);
      await(scenario, playground);
      assertThat(lane.report().log())
          .as("creates of what exists, which nobody who knows his writes sends")
          .noneMatch(write -> write.verb().equals("create") && write.code() == 409);
    }
  }

  /** Up to the change, from which on there are faults. */
  private RayOperator begin(
      Scenario scenario, Playground playground, FaultLane lane, FaultRule... faults) {
    playground.warnFor(WARNING);
    if (scenario.down()) {
      lane.rules(faults);
      scenario.change().accept(playground);
    }
    RayOperator operator =
        playground.startOperator(lane.through(playground.operatorConfig()), factory);
    scenario.settle(playground);
    if (!scenario.down()) {
      lane.rules(faults);
      scenario.change().accept(playground);
    }
    return operator;
  }

  private void await(Scenario scenario, Playground playground) {
    Playground.await()
        .failFast(
            "more was made or deleted than " + scenario.end(),
            () -> chronicle.of(playground.namespace()).exceeds(scenario.end()))
        .untilAsserted(() ->
            assertThat(chronicle.of(playground.namespace()))
                .as(scenario.name())
                .isEqualTo(scenario.end()));
    if (!scenario.end().there().isEmpty()) {
      playground.awaitTrue("c", scenario.ended());
    }
    Playground.await()
        .during(STEADY)
        .until(() -> chronicle.of(playground.namespace()).equals(scenario.end()));
  }
}
