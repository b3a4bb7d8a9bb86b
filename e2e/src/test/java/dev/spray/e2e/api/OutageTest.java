package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API server goes away and comes back. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class OutageTest {
  private static final Duration OUTAGE = Duration.ofSeconds(30);
  private static final int WORKERS = 40;

  @Test
  void aClusterIsFinishedAfterTheApiServerWasAwayDuringItsCreation(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      Process operator = playground.startOperatorProcess();
      playground.apply(Manifests.cluster("c", WORKERS));
      Playground.await().until(() -> !playground.pods().isEmpty());

      testbed.stop("kube-apiserver");
      Awaitility.await().pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).until(operator::isAlive);
      testbed.start("kube-apiserver");

      Playground.await().until(() -> playground.pods().size() == WORKERS + 1);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);
      assertThat(playground.heads("c")).hasSize(1);
      assertThat(operator.isAlive()).isTrue();
    }
  }
}
