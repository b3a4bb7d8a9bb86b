package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.BuggyOperators;
import io.fabric8.kubernetes.client.Config;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A leader that can't reach its lease stops writing, though it could still write. */
@Tag("faults")
@ResourceLock(ApiTestbed.PROFILE)
@ExtendWith(ApiTestbed.class)
class DeadlineTest {

  @Test
  void aDeposedLeaderWritesNothing(Testbed testbed) {
    assertThat(writesOfTheDeposed(testbed, BuggyOperators::electing)).isZero();
  }

  @Test
  void withoutTheDeadlineItWould(Testbed testbed) {
    assertThat(writesOfTheDeposed(testbed, BuggyOperators::electingWithoutDeadline)).isPositive();
  }

  /** How many writes the first leader made after a second one has taken the lease over. */
  private static int writesOfTheDeposed(
      Testbed testbed, Function<Config, Playground.OperatorFactory> electing) {
    FaultProxy proxy = FaultProxy.of(testbed);
    try (Playground playground = new Playground(testbed);
        FaultLane lease = proxy.lane();
        FaultLane writes = proxy.lane();
        FaultLane second = proxy.lane()) {
      Config config = playground.operatorConfig();
      playground.startOperator(writes.through(config), electing.apply(lease.through(config)));
      playground.apply(Manifests.cluster("c", 1));
      Playground.await().until(() -> playground.pods().size() == 2);

      lease.cutOff();
      playground.startOperator(
          second.through(config), BuggyOperators.electing(second.through(config)));
      Playground.await().until(() -> second.report().requests("update", "leases") > 0);
      int before = writes.report().log().size();
      playground.apply(Manifests.cluster("c", 8));
      Playground.await().until(() -> playground.pods().size() == 9);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", "Ready");
      return writes.report().log().size() - before;
    }
  }
}
