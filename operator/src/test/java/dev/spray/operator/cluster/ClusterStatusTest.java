package dev.spray.operator.cluster;

import static dev.spray.api.raycluster.ConditionTypes.HEAD_POD_READY;
import static dev.spray.api.raycluster.ConditionTypes.PROVISIONED;
import static dev.spray.api.raycluster.ConditionTypes.READY;
import static dev.spray.api.raycluster.ConditionTypes.RECONCILING;
import static dev.spray.api.raycluster.ConditionTypes.REPLICA_FAILURE;
import static dev.spray.api.raycluster.ConditionTypes.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterStatusTest {
  private static final Instant NOW = World.START.plus(Duration.ofHours(1));
  private static final List<Problem> PROBLEMS =
      List.of(new Problem("Invalid", "change this"), new Problem("Invalid", "and that"));

  private RayClusterStatus stored;
  private long generation = 1;

  @Test
  void aNewClusterIsReconciling() {
    RayClusterStatus status = pass(new World());

    assertThat(conditions(status))
        .containsExactly(
            "HeadPodReady=False HeadPodNotFound",
            "RayClusterProvisioned=False RayClusterPodsProvisioning",
            "RayClusterSuspended=False RayClusterSuspended",
            "RayClusterSuspending=False RayClusterSuspending",
            "Ready=False HeadPodMissing",
            "Reconciling=True HeadPodMissing",
            "Stalled=False SpecAccepted");
    assertThat(status.state()).isNull();
    assertThat(status.stateTransitionTimes()).isNull();
    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.reason()).isNull();
    assertThat(status.lastUpdateTime()).isEqualTo("2026-03-01T13:00:00Z");
  }

  @Test
  void aSettledClusterIsReady() {
    RayClusterStatus status = pass(settled());

    assertThat(conditions(status))
        .containsExactly(
            "HeadPodReady=True HeadPodRunningAndReady",
            "RayClusterProvisioned=True AllPodRunningAndReadyFirstTime",
            "RayClusterSuspended=False RayClusterSuspended",
            "RayClusterSuspending=False RayClusterSuspending",
            "Ready=True AllPodsReady",
            "Reconciling=False Settled",
            "Stalled=False SpecAccepted");
    assertThat(status.state()).isEqualTo("ready");
    assertThat(status.stateTransitionTimes())
        .containsExactly(Map.entry("ready", "2026-03-01T13:00:00Z"));
  }

  @Test
  void countsAndSumsAreTold() {
    generation = 7;
    World world = settled();
    List<String> workers = world.workers("small");
    world.change(workers.get(0), Pods::runningButNotReady);
    world.change(workers.get(1), pod -> Pods.unschedulable(pod, "no node"));

    RayClusterStatus status = pass(world);

    assertThat(status.readyWorkerReplicas()).isEqualTo(1);
    assertThat(status.availableWorkerReplicas()).isEqualTo(2);
    assertThat(status.desiredWorkerReplicas()).isEqualTo(3);
    assertThat(status.minWorkerReplicas()).as("zero").isNull();
    assertThat(status.maxWorkerReplicas()).isEqualTo(1_000_000);
    assertThat(status.desiredCPU().toString()).isEqualTo("3500m");
    assertThat(status.desiredMemory().toString()).isEqualTo("7Gi");
    assertThat(status.desiredGPU().toString()).isEqualTo("0");
    assertThat(status.desiredTPU().toString()).isEqualTo("0");
    assertThat(status.observedGeneration()).isEqualTo(7);
    assertThat(status.conditions()).allMatch(c -> c.getObservedGeneration() == 7);
  }

  @Test
  void boundsThatAddUpToTooMuchAreCutOff() {
    RayCluster cluster =
        Clusters.named("demo")
            .group("a", 0, 0, Integer.MAX_VALUE)
            .group("b", 0, 0, Integer.MAX_VALUE)
            .build();

    assertThat(ClusterStatus.of(cluster, new World().observed(), List.of(), NOW))
        .extracting(RayClusterStatus::maxWorkerReplicas)
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void numbersOfHostsThatAddUpToTooMuchAreCutOff() {
    Clusters cluster = Clusters.named("demo");
    for (String group : List.of("a", "b", "c")) {
      cluster.group(group, 0, "maxReplicas: 2147483647\nnumOfHosts: 2147483647");
    }

    assertThat(ClusterStatus.of(cluster.build(), new World().observed(), List.of(), NOW))
        .extracting(RayClusterStatus::maxWorkerReplicas)
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void endingAndFailedWorkersAreNeitherReadyNorAvailable() {
    World world = settled();
    world.change(world.workers("small").get(0), Pods::terminating);
    world.change(world.workers("small").get(1), Pods::failed);

    RayClusterStatus status = pass(world);

    assertThat(status.readyWorkerReplicas()).isEqualTo(1);
    assertThat(status.availableWorkerReplicas()).isEqualTo(1);
  }

  @Test
  void theHeadIsTold() {
    RayClusterStatus status = pass(settled());

    assertThat(status.head().podName()).isEqualTo("demo-head");
    assertThat(status.head().podIP()).isEqualTo("10.0.0.7");
    assertThat(status.head().serviceName()).isEqualTo("demo-head-svc");
    assertThat(status.head().serviceIP()).as("of a headless service").isEqualTo("10.0.0.7");
    assertThat(status.endpoints())
        .containsEntry("client", "10001")
        .containsEntry("dashboard", "8265")
        .hasSize(5);
  }

  @Test
  void aServiceWithAnAddressAndNodePortsIsTold() {
    World world = settled();
    world.child(
        new ServiceBuilder(world.service(cluster()))
            .editSpec()
            .withClusterIP("10.96.0.5")
            .editFirstPort()
            .withNodePort(30001)
            .endPort()
            .endSpec()
            .build());

    RayClusterStatus status = pass(world);

    assertThat(status.head().serviceIP()).isEqualTo("10.96.0.5");
    assertThat(status.endpoints())
        .containsEntry("client", "30001")
        .containsEntry("dashboard", "8265");
  }

  @Test
  void anUnchangedClusterKeepsTheVerySameStatus() {
    World world = settled();
    RayClusterStatus first = pass(world);
    stored = first;

    assertThat(pass(world, NOW.plus(Duration.ofDays(1)))).isSameAs(first);
  }

  /** What the API server returns must be taken for what was sent: no ping-pong. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("worlds")
  void aStatusThatWasStoredAndReadBackIsTheSame(String what, Consumer<World> change) {
    World world = settled();
    change.accept(world);
    RayClusterStatus sent = pass(world);
    stored = Serialization.unmarshal(Serialization.asJson(sent), RayClusterStatus.class);

    assertThat(stored).isEqualTo(sent);
    assertThat(pass(world, NOW.plusSeconds(60))).isSameAs(stored);
  }

  static Stream<Arguments> worlds() {
    return Stream.of(
        in("settled", world -> {}),
        in("no head", world -> world.remove("demo-head")),
        in("a head that waits", w -> w.change("demo-head", p -> Pods.unschedulable(p, "no"))),
        in("a failed head", world -> world.change("demo-head", Pods::failed)),
        in("a worker less", world -> world.remove(world.workers("small").getFirst())),
        in(
            "nothing at all",
            world -> {
              world.removeServices();
              world.names().forEach(world::remove);
            }));
  }

  @Test
  void transitionTimesMoveOnlyWithTheirCondition() {
    World world = settled();
    stored = pass(world);
    world.remove(world.workers("small").getFirst());

    RayClusterStatus later = pass(world, NOW.plusSeconds(60));

    assertThat(since(later, READY)).isEqualTo("2026-03-01T13:01:00Z");
    assertThat(since(later, RECONCILING)).isEqualTo("2026-03-01T13:01:00Z");
    assertThat(since(later, HEAD_POD_READY)).isEqualTo("2026-03-01T13:00:00Z");
    assertThat(since(later, PROVISIONED)).isEqualTo("2026-03-01T13:00:00Z");
    assertThat(since(later, STALLED)).isEqualTo("2026-03-01T13:00:00Z");
    assertThat(later.lastUpdateTime()).isEqualTo("2026-03-01T13:01:00Z");
  }

  @Test
  void anotherReasonDoesNotMoveTheTransitionTime() {
    stored = pass(new World());
    World world = settled();
    world.change("demo-head", Pods::runningButNotReady);

    RayClusterStatus later = pass(world, NOW.plusSeconds(60));

    assertThat(find(later, READY).getReason()).isEqualTo("HeadPodNotReady");
    assertThat(since(later, READY)).isEqualTo("2026-03-01T13:00:00Z");
  }

  @Test
  void anotherGenerationAloneIsToldAtOnceAndEverywhere() {
    World world = settled();
    stored = pass(world);
    generation = 2;

    RayClusterStatus later = pass(world, NOW.plusSeconds(60));

    assertThat(later.observedGeneration()).isEqualTo(2);
    assertThat(later.conditions()).allMatch(c -> c.getObservedGeneration() == 2);
    assertThat(later.conditions())
        .allMatch(c -> c.getLastTransitionTime().equals("2026-03-01T13:00:00Z"));
  }

  /** KubeRay's meaning, on which Kueue relies; the truth of the moment is in Ready. */
  @Test
  void theStateStaysReadyAndProvisionedStaysTrueAfterTheHeadHasDied() {
    World world = settled();
    stored = pass(world);
    world.remove("demo-head");

    RayClusterStatus later = pass(world, NOW.plusSeconds(60));

    assertThat(later.state()).isEqualTo("ready");
    assertThat(later.stateTransitionTimes()).isEqualTo(stored.stateTransitionTimes());
    assertThat(conditions(later))
        .containsExactly(
            "HeadPodReady=False HeadPodNotFound",
            "RayClusterProvisioned=True AllPodRunningAndReadyFirstTime",
            "RayClusterSuspended=False RayClusterSuspended",
            "RayClusterSuspending=False RayClusterSuspending",
            "Ready=False HeadPodMissing",
            "Reconciling=True HeadPodMissing",
            "Stalled=False SpecAccepted");
    assertThat(later.head().podName()).isNull();
    assertThat(later.head().podIP()).isNull();
  }

  @Test
  void aClusterIsNotProvisionedByItsHeadAlone() {
    World world = settled();
    world.workers("small").forEach(world::remove);

    assertThat(find(pass(world), PROVISIONED).getStatus()).isEqualTo("False");
    assertThat(pass(world).state()).isNull();
  }

  @Test
  void theHeadsConditionSaysWhatHoldsItUp() {
    World waiting = settled();
    waiting.change("demo-head", pod -> Pods.unschedulable(pod, "0/3 nodes fit"));
    World failed = settled();
    failed.change("demo-head", Pods::failed);

    assertThat(find(pass(waiting), HEAD_POD_READY).getReason()).isEqualTo("Unschedulable");
    assertThat(find(pass(waiting), HEAD_POD_READY).getMessage()).isEqualTo("0/3 nodes fit");
    assertThat(find(pass(failed), HEAD_POD_READY).getStatus()).isEqualTo("False");
    assertThat(find(pass(failed), HEAD_POD_READY).getMessage()).contains("Failed (Evicted)");
  }

  @Test
  void aHeadThatIsReadyButEndingIsNotReady() {
    World world = settled();
    world.change("demo-head", Pods::terminating);

    assertThat(find(pass(world), HEAD_POD_READY).getStatus()).isEqualTo("False");
  }

  @Test
  void aRefusedWriteIsToldUntilItWorks() {
    World world = settled();
    world.remove(world.workers("small").getFirst());
    Outcome refused = failed("FailedToCreateWorkerPod", Outcome.Kind.REFUSED, "exceeded quota");

    stored = pass(world, NOW, refused);
    RayClusterStatus again = pass(world, NOW.plusSeconds(60), refused);
    RayClusterStatus worked = pass(world, NOW.plusSeconds(60));

    assertThat(find(stored, REPLICA_FAILURE))
        .returns("True", Condition::getStatus)
        .returns("FailedCreateWorkerPod", Condition::getReason)
        .returns("exceeded quota", Condition::getMessage);
    assertThat(stored.reason()).isEqualTo("exceeded quota");
    assertThat(conditions(stored))
        .contains("Ready=False WorkersNotReady", "Reconciling=True WorkersNotReady")
        .contains("Stalled=False SpecAccepted");
    assertThat(again).isSameAs(stored);
    assertThat(worked.conditions()).noneMatch(c -> c.getType().equals(REPLICA_FAILURE));
    assertThat(worked.reason()).isNull();
  }

  @Test
  void anInvalidPodStallsTheCluster() {
    World world = settled();
    world.remove(world.workers("small").getFirst());

    RayClusterStatus status =
        pass(world, NOW, failed("FailedToCreateWorkerPod", Outcome.Kind.INVALID, "bad name"));

    assertThat(conditions(status))
        .contains(
            "Ready=False WorkersNotReady",
            "ReplicaFailure=True FailedCreateWorkerPod",
            "Stalled=True FailedCreateWorkerPod")
        .anyMatch(condition -> condition.startsWith("Reconciling=False"));
    assertThat(find(status, STALLED).getMessage()).isEqualTo("bad name");
    assertThat(status.reason()).isEqualTo("bad name");
  }

  @Test
  void aTransientFailureIsNoFailureOfTheCluster() {
    World world = settled();

    RayClusterStatus status =
        pass(world, NOW, failed("FailedToUpdateService", Outcome.Kind.TRANSIENT, "busy"));

    assertThat(status.conditions()).noneMatch(c -> c.getType().equals(REPLICA_FAILURE));
    assertThat(status.reason()).isNull();
    assertThat(find(status, READY).getStatus()).isEqualTo("False");
    assertThat(find(status, STALLED).getStatus()).isEqualTo("False");
  }

  @ParameterizedTest
  @EnumSource(Outcome.Kind.class)
  void aClusterThatIsNotReadyNeverSaysThatAllPodsAre(Outcome.Kind kind) {
    RayClusterStatus status = pass(settled(), NOW, failed("FailedToUpdateService", kind, "no"));

    assertThat(find(status, READY).getStatus()).isEqualTo("False");
    assertThat(conditions(status)).noneMatch(condition -> condition.contains("AllPodsReady"));
  }

  @Test
  void theFailuresThatAreNotTransientAreTold() {
    RayClusterStatus status =
        pass(
            new World(),
            NOW,
            failed("a", Outcome.Kind.TRANSIENT, "first"),
            failed("b", Outcome.Kind.REFUSED, "second"),
            failed("c", Outcome.Kind.INVALID, "third"),
            failed("c", Outcome.Kind.INVALID, "third"));

    assertThat(status.reason()).isEqualTo("second; third");
    assertThat(find(status, REPLICA_FAILURE))
        .returns("b", Condition::getReason)
        .returns("second; third", Condition::getMessage);
    assertThat(find(status, STALLED)).returns("third", Condition::getMessage);
  }

  @Test
  void anInvalidSpecIsStalledAndSaysWhatToChange() {
    RayClusterStatus status = ClusterStatus.stalled(cluster(), settled().observed(), PROBLEMS, NOW);

    assertThat(conditions(status))
        .containsExactly(
            "HeadPodReady=True HeadPodRunningAndReady",
            "Ready=False Invalid",
            "Reconciling=False Invalid",
            "Stalled=True Invalid");
    assertThat(find(status, STALLED).getMessage()).isEqualTo("change this; and that");
    assertThat(status.reason()).isEqualTo("change this; and that");
    assertThat(status.observedGeneration()).isEqualTo(1);
  }

  @Test
  void aClusterThatBecomesInvalidKeepsWhatIsKnownOfIt() {
    World world = settled();
    stored = pass(world);
    generation = 2;

    RayClusterStatus stalled =
        ClusterStatus.stalled(cluster(), world.observed(), PROBLEMS, NOW.plusSeconds(60));

    assertThat(stalled.state()).isEqualTo("ready");
    assertThat(stalled.desiredCPU()).isEqualTo(stored.desiredCPU());
    assertThat(stalled.head()).isEqualTo(stored.head());
    assertThat(stalled.observedGeneration()).isEqualTo(2);
    assertThat(find(stalled, PROVISIONED))
        .returns("True", Condition::getStatus)
        .returns("2026-03-01T13:00:00Z", Condition::getLastTransitionTime);
    assertThat(stalled.conditions()).allMatch(c -> c.getObservedGeneration() == 2);
  }

  @Test
  void whatAnInvalidClusterLosesIsTold() {
    World world = settled();
    stored = pass(world);
    world.change("demo-head", Pods::failed);
    world.change(world.workers("small").getFirst(), Pods::failed);

    RayClusterStatus stalled = ClusterStatus.stalled(cluster(), world.observed(), PROBLEMS, NOW);

    assertThat(stalled.readyWorkerReplicas()).isEqualTo(2);
    assertThat(stalled.availableWorkerReplicas()).isEqualTo(2);
    assertThat(stalled.head().podName()).isNull();
    assertThat(stalled.desiredWorkerReplicas()).isEqualTo(3);
  }

  @Test
  void aSpecWithoutAHeadIsStalledToo() {
    RayCluster empty = Clusters.named("demo").status(stored).build(null);

    assertThat(ClusterStatus.stalled(empty, settled().observed(), PROBLEMS, NOW).head()).isNull();
  }

  /** The API server takes no longer one, and then nothing would be told. */
  @Test
  void aMessageThatIsTooLongIsCut() {
    String words = "no way ".repeat(100_000);

    RayClusterStatus status =
        pass(settled(), NOW, failed("FailedToUpdateService", Outcome.Kind.INVALID, words));

    assertThat(status.reason()).startsWith("no way").hasSizeLessThan(5000).endsWith("...");
    assertThat(status.conditions())
        .allSatisfy(c -> assertThat(c.getMessage()).hasSizeLessThan(5000));
    assertThat(
            ClusterEvents.of(
                List.of(failed("FailedToUpdateService", Outcome.Kind.INVALID, words)),
                status.conditions()))
        .as("it has had its Event")
        .isEmpty();
  }

  @Test
  void aReasonThatTheApiServerDoesNotTakeIsPartOfTheMessage() {
    World world = settled();
    world.change(
        "demo-head",
        pod ->
            Pods.withStatus(
                pod,
                new PodStatusBuilder()
                    .withPhase("Pending")
                    .addToContainerStatuses(
                        Pods.waiting("ray-head", "rpc error: code = Unknown", "no space"))));

    assertThat(find(pass(world), HEAD_POD_READY))
        .returns("Unknown", Condition::getReason)
        .returns("rpc error: code = Unknown: no space", Condition::getMessage);
  }

  @Test
  void anInvalidSpecThatStaysSoKeepsTheVerySameStatus() {
    World world = settled();
    stored = ClusterStatus.stalled(cluster(), world.observed(), PROBLEMS, NOW);

    assertThat(ClusterStatus.stalled(cluster(), world.observed(), PROBLEMS, NOW.plusSeconds(60)))
        .isSameAs(stored);
  }

  @Test
  void aCorrectedSpecRecovers() {
    World world = settled();
    stored = ClusterStatus.stalled(cluster(), world.observed(), PROBLEMS, NOW);
    generation = 2;

    assertThat(conditions(pass(world, NOW.plusSeconds(60))))
        .contains("Ready=True AllPodsReady", "Stalled=False SpecAccepted");
  }

  /** No condition may come to the API server without the fields that its schema asks for. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("worlds")
  void everyConditionIsComplete(String what, Consumer<World> change) {
    World world = settled();
    change.accept(world);

    assertThat(pass(world, NOW, failed("Failed", Outcome.Kind.REFUSED, "no")).conditions())
        .allSatisfy(condition -> {
          assertThat(condition.getType()).matches("[A-Za-z]+");
          assertThat(condition.getStatus()).matches("True|False");
          assertThat(condition.getReason()).matches("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");
          assertThat(condition.getMessage()).isNotNull();
          assertThat(condition.getLastTransitionTime()).matches("[-0-9]+T[:0-9]+Z");
        });
  }

  private World settled() {
    return World.settled(cluster());
  }

  private RayCluster cluster() {
    return Clusters.named("demo").group("small", 3).generation(generation).status(stored).build();
  }

  private RayClusterStatus pass(World world) {
    return pass(world, NOW);
  }

  private RayClusterStatus pass(World world, Instant now, Outcome... outcomes) {
    return ClusterStatus.of(cluster(), world.observed(), List.of(outcomes), now);
  }

  private static Outcome failed(String reason, Outcome.Kind kind, String message) {
    return Outcome.failed(
        new Action.DeletePod(
            "ns", "pod", "uid", "1", Optional.empty(), new Reason("Done", reason, "why")),
        new Outcome.Failure(kind, message));
  }

  private static List<String> conditions(RayClusterStatus status) {
    return status.conditions().stream()
        .map(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason())
        .toList();
  }

  private static Condition find(RayClusterStatus status, String type) {
    return Conditions.find(status.conditions(), type).orElseThrow();
  }

  private static String since(RayClusterStatus status, String type) {
    return find(status, type).getLastTransitionTime();
  }

  private static Arguments in(String what, Consumer<World> change) {
    return Arguments.of(what, change);
  }
}
