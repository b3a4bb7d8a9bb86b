package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.time.Duration;

/**
 * One scenario in a namespace of its own, amid trouble: its end, and all that there ever was, must
 * be what it is without, and no passing fault may be reported as the user's.
 */
final class FaultRun {
  private static final Duration STEADY = Duration.ofSeconds(1);

  private final Testbed testbed;
  private final FaultProxy proxy;
  private final Chronicle chronicle;

  FaultRun(Testbed testbed, FaultProxy proxy, Chronicle chronicle) {
    this.testbed = testbed;
    this.proxy = proxy;
    this.chronicle = chronicle;
  }

  /** What a run is made of, for those who interfere with it. */
  record Stage(Playground playground, FaultLane lane, Chronicle chronicle) {

    /** Waits until the API server has had that many pods of the cluster. */
    void awaitPodsCreated(long pods) {
      Playground.await()
          .until(
              () -> chronicle.of(playground.namespace()).created().getOrDefault("Pod", 0L) >= pods);
    }

    /** Waits until that many objects of the cluster are on their way out. */
    void awaitDeleted(long objects) {
      Playground.await().until(() -> chronicle.of(playground.namespace()).deleted() >= objects);
    }

    /** Waits until the API server itself has refused a write of the operator as a conflict. */
    void awaitConflict(String verb, String resource) {
      Playground.await()
          .until(() ->
              lane.report().log().stream()
                  .anyMatch(write ->
                      write.verb().equals(verb)
                          && write.resource().equals(resource)
                          && write.code() == 409));
    }
  }

  /**
   * Runs a scenario.
   *
   * @return what happened in its lane
   * @throws AssertionError when it doesn't end as it should, or a fault never came
   */
  FaultReport run(Scenario scenario, Trouble trouble) {
    try (Playground playground = new Playground(testbed);
        ReportedFailures reported =
            new ReportedFailures(playground.admin(), playground.namespace());
        FaultLane lane = proxy.lane()) {
      addServiceAccount(playground);
      playground.startOperator(lane.through(playground.operatorConfig()), RayOperator::new);
      scenario.settle(playground);
      lane.rules(trouble.rules().toArray(FaultRule[]::new));
      scenario.change().accept(playground);
      trouble.meanwhile().accept(new Stage(playground, lane, chronicle));

      awaitEnd(scenario, playground);
      assertThat(reported.seen()).as("faults reported as the user's").isEmpty();
      return lane.report();
    }
  }

  /** Without it a namespace's pods are refused; its controller is slow after an outage. */
  private static void addServiceAccount(Playground playground) {
    playground
        .admin()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(playground.namespace())
                .endMetadata()
                .build())
        .serverSideApply();
  }

  private void awaitEnd(Scenario scenario, Playground playground) {
    Playground.await()
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
