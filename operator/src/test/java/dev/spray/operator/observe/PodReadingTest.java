package dev.spray.operator.observe;

import static dev.spray.operator.Pods.condition;
import static dev.spray.operator.Pods.ended;
import static dev.spray.operator.Pods.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.operator.Pods;
import dev.spray.operator.pods.Host;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodReadingTest {
  private static final Pod POD =
      new PodBuilder()
          .withNewMetadata()
          .withNamespace("playground")
          .withName("demo-small-worker-x")
          .withUid("uid-1")
          .withResourceVersion("42")
          .withCreationTimestamp("2026-03-01T12:00:00Z")
          .withLabels(
              Map.of(
                  RayLabels.NODE_TYPE, "worker",
                  RayLabels.GROUP, "small",
                  RayLabels.REPLICA_INDEX, "7"))
          .endMetadata()
          .withNewSpec()
          .addNewContainer()
          .withName("ray")
          .endContainer()
          .addNewContainer()
          .withName("sidecar")
          .endContainer()
          .endSpec()
          .build();

  @Test
  void identityIsRead() {
    ObservedPod pod = PodReading.of(POD);

    assertThat(pod.namespace()).isEqualTo("playground");
    assertThat(pod.name()).isEqualTo("demo-small-worker-x");
    assertThat(pod.uid()).isEqualTo("uid-1");
    assertThat(pod.resourceVersion()).isEqualTo("42");
    assertThat(pod.head()).isFalse();
    assertThat(pod.group()).isEqualTo("small");
    assertThat(pod.index()).contains(7);
    assertThat(pod.created()).contains(Instant.parse("2026-03-01T12:00:00Z"));
  }

  @Test
  void aHostOfAReplicaIsKnownByItsLabels() {
    Map<String, String> labels =
        Map.of(RayLabels.REPLICA_NAME, "tpu-abcde", RayLabels.HOST_INDEX, "3");

    assertThat(PodReading.of(labelled(labels)).host()).contains(new Host("tpu-abcde", 3));
    assertThat(PodReading.of(labelled(Map.of(RayLabels.REPLICA_NAME, "x"))).host()).isEmpty();
    assertThat(PodReading.of(labelled(Map.of(RayLabels.HOST_INDEX, "1"))).host()).isEmpty();
    assertThat(PodReading.of(POD).host()).isEmpty();
  }

  @Test
  void itsNodeAndWhenItShouldBeGoneAreRead() {
    Instant due = Instant.parse("2026-03-01T13:00:00Z");
    ObservedPod pod = PodReading.of(Pods.terminating(Pods.ready(POD), due));

    assertThat(pod.node()).contains("node-1");
    assertThat(pod.isScheduled()).isTrue();
    assertThat(pod.due()).contains(due);
    assertThat(pod.nodeGone()).isFalse();
    assertThat(PodReading.of(POD).isScheduled()).isFalse();
    assertThat(PodReading.of(POD).due()).isEmpty();
  }

  @Test
  void aPodThatWasTakenAwayTellsByWhom() {
    Pod collected =
        Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Failed")
                .addToConditions(
                    condition("DisruptionTarget", "True", "DeletionByPodGC", "node is gone")
                        .build()));

    assertThat(PodReading.of(collected).failure())
        .contains("the pod's phase is Failed (DeletionByPodGC: node is gone)");
  }

  @Test
  void aPodThatWasJustAskedForIsPendingForReasonsUnknown() {
    ObservedPod pod = PodReading.of(POD);

    assertThat(pod.phase()).isEqualTo("Pending");
    assertThat(pod.ready()).isFalse();
    assertThat(pod.isRunning()).isFalse();
    assertThat(pod.isLive()).isTrue();
    assertThat(pod.readyReason()).isEqualTo("Unknown");
    assertThat(pod.readyMessage()).isEmpty();
    assertThat(pod.ip()).isEmpty();
  }

  @Test
  void aHeadIsKnownByItsLabel() {
    assertThat(PodReading.of(labelled(Map.of(RayLabels.NODE_TYPE, "head"))).head()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1.5", "99999999999"})
  void anIndexThatIsNoNumberIsNone(String index) {
    assertThat(PodReading.of(labelled(Map.of(RayLabels.REPLICA_INDEX, index))).index()).isEmpty();
  }

  @Test
  void aPodWithoutOurLabelsIsAWorkerOfNoGroup() {
    ObservedPod pod = PodReading.of(labelled(Map.of()));

    assertThat(pod.head()).isFalse();
    assertThat(pod.group()).isEmpty();
    assertThat(pod.index()).isEmpty();
  }

  @Test
  void aReadyPodIsReady() {
    ObservedPod pod = PodReading.of(Pods.ready(POD));

    assertThat(pod.ready()).isTrue();
    assertThat(pod.isRunning()).isTrue();
    assertThat(pod.ip()).contains("10.0.0.7");
  }

  @Test
  void anEndingPodIsNotLive() {
    ObservedPod pod = PodReading.of(Pods.terminating(Pods.ready(POD)));

    assertThat(pod.terminating()).isTrue();
    assertThat(pod.isLive()).isFalse();
    assertThat(pod.failure()).isEmpty();
  }

  @Test
  void theSchedulersWordIsTheReason() {
    ObservedPod pod = PodReading.of(Pods.unschedulable(POD, "0/3 nodes are available"));

    assertThat(pod.readyReason()).isEqualTo("Unschedulable");
    assertThat(pod.readyMessage()).isEqualTo("0/3 nodes are available");
  }

  @Test
  void theFirstContainerThatWaitsIsTheReason() {
    Pod pulling =
        Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Pending")
                .addToConditions(condition("Ready", "False", "ContainersNotReady", "x").build())
                .addToContainerStatuses(
                    waiting("ray", "ImagePullBackOff", "back-off pulling image"),
                    waiting("sidecar", "PodInitializing", null)));

    assertThat(PodReading.of(pulling).readyReason()).isEqualTo("ImagePullBackOff");
    assertThat(PodReading.of(pulling).readyMessage()).isEqualTo("back-off pulling image");
  }

  @Test
  void initContainersComeBeforeTheOthers() {
    Pod waiting =
        Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Pending")
                .addToInitContainerStatuses(waiting("wait-gcs-ready", "ErrImagePull", null))
                .addToContainerStatuses(waiting("ray", "PodInitializing", null)));

    assertThat(PodReading.of(waiting).readyReason()).isEqualTo("ErrImagePull");
    assertThat(PodReading.of(waiting).readyMessage()).isEmpty();
  }

  @Test
  void aContainerThatHasEndedIsTheReasonWhenNoneWaits() {
    Pod crashed =
        Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Running")
                .addToConditions(condition("Ready", "False", "ContainersNotReady", "x").build())
                .addToContainerStatuses(ended("ray", 137, "OOMKilled")));

    assertThat(PodReading.of(crashed).readyReason()).isEqualTo("OOMKilled");
  }

  @Test
  void theReadyConditionIsTheReasonWhenContainersSayNothing() {
    ObservedPod pod = PodReading.of(Pods.runningButNotReady(POD));

    assertThat(pod.readyReason()).isEqualTo("ContainersNotReady");
    assertThat(pod.readyMessage()).isEqualTo("unready: [ray]");
  }

  @Test
  void aContainerThatIsReadyIsNoReason() {
    Pod mixed =
        Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Running")
                .addToInitContainerStatuses(
                    ended("init", 0, "Completed").edit().withReady(true).build())
                .addToContainerStatuses(waiting("sidecar", "CrashLoopBackOff", "again")));

    assertThat(PodReading.of(mixed).readyReason()).isEqualTo("CrashLoopBackOff");
  }

  @ParameterizedTest(name = "{0}, restartPolicy {1}, {2} ended: failed {3}")
  @CsvSource({
    "Pending,   Always,    ,        false",
    "Running,   Always,    ,        false",
    "Unknown,   Never,     ray,     false",
    "Failed,    Always,    ,        true",
    "Failed,    Never,     ,        true",
    "Succeeded, Always,    ,        true",
    "Running,   Never,     ray,     true",
    "Running,   Never,     sidecar, false",
    "Running,   Never,     ,        false",
    "Running,   Always,    ray,     false",
    "Running,   OnFailure, ray,     false",
    "Running,   ,          ray,     false",
    "Pending,   Never,     ray,     false",
  })
  void aPodHasFailedWhenItOrRayHasEndedForGood(
      String phase, String restartPolicy, String ended, boolean failed) {
    PodStatusBuilder status = new PodStatusBuilder().withPhase(phase);
    if (ended != null) {
      status.addToContainerStatuses(ended(ended, 1, "Error"));
    }
    Pod pod =
        Pods.withStatus(POD, status)
            .edit()
            .editSpec()
            .withRestartPolicy(restartPolicy)
            .endSpec()
            .build();

    assertThat(PodReading.of(pod).failure().isPresent()).isEqualTo(failed);
    assertThat(PodReading.of(pod).isLive()).isEqualTo(!failed);
  }

  /** As some webhooks put theirs. */
  @Test
  void theContainerThatRunsRayNeedNotBeTheFirst() {
    Pod exited =
        exited()
            .edit()
            .editSpec()
            .withContainers(
                new ContainerBuilder().withName("proxy").build(),
                new ContainerBuilder()
                    .withName("ray")
                    .addNewEnv()
                    .withName("KUBERAY_GEN_RAY_START_CMD")
                    .endEnv()
                    .build())
            .endSpec()
            .build();

    assertThat(PodReading.of(exited).failure().orElseThrow()).contains("137");
  }

  @Test
  void aFailureSaysWhatHappened() {
    assertThat(PodReading.of(exited()).failure().orElseThrow()).contains("137", "Never");
    assertThat(PodReading.of(Pods.failed(POD)).failure().orElseThrow())
        .contains("Failed", "Evicted");
  }

  @Test
  void aCachedPodKeepsItsReadingAndItsOwner() {
    Pod pod =
        new PodBuilder(POD)
            .editMetadata()
            .addNewOwnerReference()
            .withKind("RayCluster")
            .withUid("uid-2")
            .endOwnerReference()
            .endMetadata()
            .build();
    Pod cached = ReadPod.of(pod);
    assertThat(ReadPod.reading(cached)).isEqualTo(PodReading.of(pod));
    assertThat(cached.getMetadata().getOwnerReferences())
        .isEqualTo(pod.getMetadata().getOwnerReferences());
    assertThat(ReadPod.of(cached)).isSameAs(cached);
  }

  /** Ray was killed in it, and nobody will start it again. */
  private static Pod exited() {
    return Pods.withStatus(
            POD,
            new PodStatusBuilder()
                .withPhase("Running")
                .addToContainerStatuses(ended("ray", 137, "OOMKilled")))
        .edit()
        .editSpec()
        .withRestartPolicy("Never")
        .endSpec()
        .build();
  }

  private static Pod labelled(Map<String, String> labels) {
    return new PodBuilder(POD).editMetadata().withLabels(labels).endMetadata().build();
  }
}
