package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters among real scheduler, controllers and garbage collector; the nodes are simulated. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class SchedulingTest {
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
  void aGpuGroupRunsOnNodesWithThatGpu() throws IOException {
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster-gpu.yaml")));
    playground.awaitTrue("hello-gpu", ConditionTypes.READY);

    assertThat(node(playground.workers("hello-gpu").getFirst()).getMetadata().getLabels())
        .containsEntry("cloud.google.com/gke-accelerator", "nvidia-tesla-t4");
    assertThat(node(playground.heads("hello-gpu").getFirst()).getMetadata().getLabels())
        .doesNotContainKey("cloud.google.com/gke-accelerator");
    assertThat(playground.cluster("hello-gpu").getStatus().desiredGPU().toString()).isEqualTo("1");
  }

  @Test
  void aClusterThatFitsOnNoNodeSaysWhyItWaits() {
    playground.apply(
        Manifests.cluster("c", 1)
            .replace(
                "requests: {cpu: \"1\", memory: 1Gi}", "requests: {cpu: \"400\", memory: 1Gi}"));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.READY))
                .hasValueSatisfying(ready ->
                    assertThat(ready.getMessage())
                        .contains("0 of 1 workers of group small are ready")
                        .contains("Unschedulable")
                        .contains("Insufficient cpu")));
  }

  @Test
  void aDeletedPodIsReplaced() {
    playground.apply(Manifests.cluster("c", 3));
    playground.awaitTrue("c", ConditionTypes.READY);
    List<String> before = uids(playground.workers("c"));

    playground.admin().resource(playground.workers("c").getFirst()).delete();
    Playground.await()
        .untilAsserted(
            () -> assertThat(uids(playground.workers("c"))).hasSize(3).isNotEqualTo(before));
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(uids(playground.workers("c"))).containsAnyElementsOf(before.subList(1, 3));
    assertThat(playground.heads("c")).hasSize(1);
  }

  @Test
  void aDeletedClusterTakesEverythingWithIt() {
    playground.apply(Manifests.cluster("c", 3));
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(playground.kubectl("", "delete", "raycluster", "c").exitCode()).isZero();

    Playground.await()
        .untilAsserted(() -> {
          assertThat(playground.pods()).isEmpty();
          assertThat(
                  playground
                      .admin()
                      .services()
                      .inNamespace(playground.namespace())
                      .list()
                      .getItems())
              .isEmpty();
        });
  }

  private Node node(Pod pod) {
    return playground.admin().nodes().withName(pod.getSpec().getNodeName()).get();
  }

  private static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
  }
}
