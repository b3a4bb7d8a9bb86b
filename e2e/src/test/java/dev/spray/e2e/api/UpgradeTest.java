package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
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

/** What a change of a template does to pods that exist; the test plays the kubelet. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class UpgradeTest {
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
  void recreateMakesAllPodsAnewOnce() {
    settled("Recreate", 2);
    Set<String> before = uids(playground.pods());

    playground.apply(Manifests.changed(Manifests.upgraded("c", 2, "Recreate")));
    Playground.await()
        .untilAsserted(() ->
            assertThat(uids(playground.pods())).hasSize(3).doesNotContainAnyElementsOf(before));
    makeAllReady();
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(playground.workers("c"))
        .allSatisfy(pod ->
            assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                .anyMatch(variable -> variable.getName().equals("CHANGED")));
    assertThat(playground.condition("c", ConditionTypes.UPDATE_PENDING)).isEmpty();
    Playground.await().until(() -> playground.eventReasons().contains("DeletedPod"));
  }

  @Test
  void numbersReplaceNothing() {
    settled("Recreate", 2);
    Set<String> before = uids(playground.pods());

    playground.apply(Manifests.upgraded("c", 3, "Recreate"));
    Playground.await().until(() -> playground.workers("c").size() == 3);
    makeAllReady();
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(uids(playground.pods())).containsAll(before);
  }

  @Test
  void aRollingUpdateReplacesOneWorkerAfterTheOtherAndLeavesTheHead() {
    settled("RollingUpdate", 2);
    Set<String> before = uids(playground.workers("c"));
    Set<String> head = uids(playground.heads("c"));

    playground.apply(Manifests.changed(Manifests.upgraded("c", 2, "RollingUpdate")));
    Playground.await()
        .until(() -> {
          List<Pod> workers = playground.workers("c");
          assertThat(workers).hasSizeBetween(2, 3);
          if (workers.size() == 3) {
            assertThat(playground.condition("c", ConditionTypes.READY).orElseThrow().getStatus())
                .isNotEqualTo("Unknown");
          }
          makeAllReady();
          return workers.size() == 2 && uids(workers).stream().noneMatch(before::contains);
        });
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(uids(playground.heads("c"))).isEqualTo(head);
    assertThat(playground.condition("c", ConditionTypes.UPDATE_PENDING)).isEmpty();
  }

  @Test
  void aRollingUpdateWhoseNewPodsDoNotStartStopsAndCanBeUndone() {
    settled("RollingUpdate", 2);
    Set<String> before = uids(playground.pods());

    playground.apply(Manifests.changed(Manifests.upgraded("c", 2, "RollingUpdate")));
    Playground.await().until(() -> playground.workers("c").size() == 3);
    playground.workers("c").stream()
        .filter(pod -> !before.contains(pod.getMetadata().getUid()))
        .forEach(pod -> playground.makeWaiting(pod, "ImagePullBackOff", "no such image"));
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.UPDATE_PENDING))
                .get()
                .returns("NewPodsNotReady", Condition::getReason)
                .satisfies(condition ->
                    assertThat(condition.getMessage())
                        .startsWith("0 of 2 workers of group small are replaced")
                        .contains("ImagePullBackOff, no such image")));
    Playground.await().until(() -> playground.eventReasons().contains("RollingUpdateStopped"));
    assertThat(uids(playground.pods())).containsAll(before);

    playground.apply(Manifests.upgraded("c", 2, "RollingUpdate"));
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(uids(playground.pods())).isEqualTo(before);
  }

  /** KubeRay's pods carry no revision; here somebody takes it from ours. */
  @Test
  void podsWithoutARevisionAreReplacedOnlyWhenTheSpecChanges() {
    settled("Recreate", 1);
    Set<String> before = uids(playground.pods());
    var _ =
        playground.kubectl(
            "", "annotate", "pods", "-l", RayLabels.CLUSTER + "=c", RayLabels.REVISION + "-");
    Playground.await()
        .untilAsserted(() ->
            assertThat(adopted(playground.cluster("c"))).containsOnlyKeys("headgroup", "small"));
    assertThat(uids(playground.pods())).isEqualTo(before);

    playground.apply(Manifests.changed(Manifests.upgraded("c", 1, "Recreate")));
    Playground.await()
        .untilAsserted(() ->
            assertThat(uids(playground.pods())).hasSize(2).doesNotContainAnyElementsOf(before));
    makeAllReady();
    playground.awaitTrue("c", ConditionTypes.READY);
    Playground.await().untilAsserted(() -> assertThat(adopted(playground.cluster("c"))).isEmpty());
  }

  private static Map<String, String> adopted(RayCluster cluster) {
    Map<String, String> adopted = cluster.getStatus().adoptedRevisions();
    return adopted == null ? Map.of() : adopted;
  }

  private void settled(String strategy, int workers) {
    playground.apply(Manifests.upgraded("c", workers, strategy));
    Playground.await().until(() -> playground.pods().size() == workers + 1);
    makeAllReady();
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private void makeAllReady() {
    playground.pods().stream()
        .filter(pod -> !"Running".equals(pod.getStatus().getPhase()))
        .forEach(playground::makeReady);
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream().map(Pod::getMetadata).map(ObjectMeta::getUid).collect(Collectors.toSet());
  }
}
