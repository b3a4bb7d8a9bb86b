package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several instances of one operator. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class LeaderElectionTest {
  private Playground playground;
  private Process leader;
  private Process standby;

  @BeforeEach
  void twoInstancesOfWhichTheFirstLeads(Testbed testbed) {
    playground = new Playground(testbed);
    leader = playground.startOperatorProcess();
    playground.apply(Manifests.cluster("before", 1));
    Playground.await().until(() -> playground.pods().size() == 2);
    standby = playground.startOperatorProcess();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theStandbyTakesOverFromALeaderThatWasKilled(Testbed testbed) {
    leader.destroyForcibly();
    playground.apply(Manifests.cluster("after", 1));

    Playground.await().until(() -> playground.pods().size() == 4);
    assertThat(standby.isAlive()).isTrue();
    // The API server writes a line of its log when it has answered.
    Playground.await().until(() -> creationsOfPods(testbed) >= 4);
    assertThat(creationsOfPods(testbed)).isEqualTo(4);
  }

  @Test
  void aLeaderThatStopsGivesTheLeaseBack(Testbed testbed) {
    leader.destroy();
    Playground.await().until(() -> !leader.isAlive());
    playground.apply(Manifests.cluster("after", 1));

    Playground.await().until(() -> playground.pods().size() == 4);
    // The API server writes a line of its log when it has answered.
    Playground.await().until(() -> creationsOfPods(testbed) >= 4);
    assertThat(creationsOfPods(testbed)).isEqualTo(4);
  }

  private long creationsOfPods(Testbed testbed) {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> request.verb().equals("create") && request.resource().equals("pods"))
        .count();
  }
}
