package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Does to a cluster what Kueue does: it starts it when there is room, and may take it back. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class KueueTest {
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

  @Test
  void aClusterIsAdmittedPreemptedAndAdmittedAgain() {
    playground.apply(
        Manifests.cluster("c", 2)
            .replace("  name: c\n", "  name: c\n  labels: {kueue.x-k8s.io/queue-name: ml}\n")
            .replace("spec:\n  rayVersion", "spec:\n  suspend: true\n  rayVersion"));
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(playground.pods()).isEmpty();

    // What the flavour that was found asks of pods, and a gate that Kueue's topology opens.
    admit("{\"pool\": \"spot\"}");
    Playground.await().until(() -> playground.pods().size() == 3);
    assertThat(playground.pods())
        .allSatisfy(pod -> {
          assertThat(pod.getSpec().getNodeSelector()).isEqualTo(Map.of("pool", "spot"));
          assertThat(pod.getSpec().getSchedulingGates())
              .extracting(gate -> gate.getName())
              .isEqualTo(List.of("kueue.x-k8s.io/topology"));
        });
    playground
        .admin()
        .pods()
        .inNamespace(playground.namespace())
        .list()
        .getItems()
        .forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("ready");

    // Preemption: the templates are put back as they were.
    playground.patch(
        "c",
        PatchType.JSON,
        """
        [{"op": "replace", "path": "/spec/suspend", "value": true},
         {"op": "remove", "path": "/spec/headGroupSpec/template/spec/nodeSelector"},
         {"op": "remove", "path": "/spec/workerGroupSpecs/0/template/spec/nodeSelector"}]
        """);
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(playground.pods()).isEmpty();
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("suspended");

    admit("{\"pool\": \"reserved\"}");
    Playground.await().until(() -> playground.pods().size() == 3);
    assertThat(playground.pods())
        .extracting(pod -> pod.getSpec().getNodeSelector())
        .containsOnly(Map.of("pool", "reserved"));
  }

  private void admit(String nodeSelector) {
    playground.patch(
        "c",
        PatchType.JSON,
        """
        [{"op": "replace", "path": "/spec/suspend", "value": false},
         {"op": "add", "path": "/spec/headGroupSpec/template/spec/nodeSelector", "value": %1$s},
         {"op": "add", "path": "/spec/headGroupSpec/template/spec/schedulingGates",
          "value": [{"name": "kueue.x-k8s.io/topology"}]},
         {"op": "add", "path": "/spec/workerGroupSpecs/0/template/spec/nodeSelector", "value": %1$s},
         {"op": "add", "path": "/spec/workerGroupSpecs/0/template/spec/schedulingGates",
          "value": [{"name": "kueue.x-k8s.io/topology"}]}]
        """
            .formatted(nodeSelector));
  }
}
