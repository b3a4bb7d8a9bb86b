package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.LooseCrd;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Objects that came in under a CRD that accepts more than the operator's types can hold. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class UnreadableObjectTest {
  private static final String OVERFLOW =
      Manifests.head("bad")
          .replace(
              "name: ray-head\n",
              "name: ray-head\n          ports: [{containerPort: 3000000000}]\n");

  @Test
  void harmNobodyElseAndAreTold(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      try (LooseCrd _ = new LooseCrd(playground)) {
        playground.apply(OVERFLOW);
      }
      playground.startOperator();
      playground.apply(Manifests.cluster("good", 1));

      Playground.await().until(() -> playground.pods().size() == 2);
      Playground.await()
          .untilAsserted(() ->
              assertThat(playground.kubectl("", "get", "raycluster", "bad", "-o", "yaml").output())
                  .contains(
                      "spec.headGroupSpec.template.spec.containers[0].ports[0].containerPort"));
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("good", ConditionTypes.READY);

      assertThat(playground.kubectl("", "delete", "raycluster", "bad").exitCode()).isZero();
    }
  }
}
