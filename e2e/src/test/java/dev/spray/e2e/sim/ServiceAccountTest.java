package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom head pods run as, where the API server looks after it. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class ServiceAccountTest {

  @Test
  void theHeadOfAnAutoscaledClusterRunsAsItsOwn(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(Manifests.everything("c", 1));

      playground.awaitTrue("c", ConditionTypes.READY);
      assertThat(playground.heads("c").getFirst().getSpec().getServiceAccountName()).isEqualTo("c");
      assertThat(playground.workers("c").getFirst().getSpec().getServiceAccountName())
          .isEqualTo("default");
    }
  }

  @Test
  void oneThatNobodyMadeIsToldAndWaitedFor(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(
          Manifests.head("c")
              .replace("containers:", "serviceAccountName: mine\n        containers:"));

      Playground.await()
          .untilAsserted(() ->
              assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                  .hasValueSatisfying(condition ->
                      assertThat(condition.getMessage())
                          .contains("serviceaccount \"mine\" not found")));
      playground.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: mine}}");
      playground.awaitTrue("c", ConditionTypes.READY);
    }
  }
}
