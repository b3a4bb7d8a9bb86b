package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replicas with several hosts among real scheduler and controllers. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class MultiHostTest {
  private static final int HOSTS = 4;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
    playground.apply(Manifests.multiHost("c", 3, HOSTS));
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void replicasAreWhole() {
    assertThat(replicas())
        .hasSize(3)
        .allSatisfy((name, pods) -> {
          assertThat(labels(pods, RayLabels.HOST_INDEX))
              .containsExactlyInAnyOrder("0", "1", "2", "3");
          assertThat(labels(pods, RayLabels.REPLICA_INDEX)).hasSize(1);
        });
    assertThat(labels(playground.workers("c"), RayLabels.REPLICA_INDEX))
        .containsExactlyInAnyOrder("0", "1", "2");
    assertThat(playground.cluster("c").getStatus().desiredWorkerReplicas()).isEqualTo(12);
    assertThat(playground.cluster("c").getStatus().readyWorkerReplicas()).isEqualTo(12);
  }

  @Test
  void replicasAreAddedAndTakenAwayWhole() {
    Set<String> before = replicas().keySet();

    playground.apply(Manifests.multiHost("c", 5, HOSTS));
    awaitReplicas(5);
    assertThat(replicas().keySet()).containsAll(before);

    playground.apply(Manifests.multiHost("c", 1, HOSTS));
    awaitReplicas(1);
  }

  @Test
  void aReplicaThatLosesAHostIsMadeAnewAndTheOthersStay() {
    List<Pod> lost = replicas().values().iterator().next();
    Set<String> others = uids(playground.workers("c"));
    others.removeAll(uids(lost));

    playground.makeFailed(lost.getFirst());

    Playground.await()
        .until(() -> uids(playground.workers("c")).stream().noneMatch(uids(lost)::contains));
    awaitReplicas(3);
    assertThat(uids(playground.workers("c"))).containsAll(others);
  }

  private void awaitReplicas(int replicas) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(replicas())
                .hasSize(replicas)
                .allSatisfy((name, pods) -> assertThat(pods).hasSize(HOSTS)));
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private Map<String, List<Pod>> replicas() {
    return playground.workers("c").stream()
        .collect(
            Collectors.groupingBy(
                pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_NAME)));
  }

  private static Set<String> labels(List<Pod> pods, String label) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getLabels().get(label))
        .collect(Collectors.toSet());
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
  }
}
