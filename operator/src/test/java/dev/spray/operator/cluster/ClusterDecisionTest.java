package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.scheduling.BatchScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterDecisionTest {
  private static final RayCluster THREE = Clusters.named("demo").group("small", 3).build();

  @Test
  void aNewClusterGetsItsServiceItsHeadAndItsWorkers() {
    Plan plan = new World().decide(THREE);

    assertThat(plan.actions()).hasSize(5);
    assertThat(plan.actions().getFirst()).isInstanceOf(Action.Apply.class);
    assertThat(created(plan).getFirst()).isEqualTo("demo-head");
    assertThat(indices(plan)).containsExactly("0", "1", "2");
    assertThat(plan.lookAgainIn()).isEmpty();
  }

  @Test
  void workersDoNotWaitForTheHead() {
    assertThat(created(new World().decide(THREE))).hasSize(4);
  }

  @Test
  void aSettledClusterNeedsNothing() {
    assertThat(World.settled(THREE).decide(THREE)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void podsThatAreNotReadyYetAreWaitedFor() {
    World world = new World();
    world.carryOut(world.decide(THREE));

    assertThat(world.decide(THREE)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aClusterMarkedForDeletionIsLeftToTheGarbageCollector() {
    RayCluster cluster = Clusters.named("demo").group("small", 3).build();
    cluster.getMetadata().setDeletionTimestamp("2026-03-01T12:00:00Z");

    assertThat(new World().decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aGroupGrowsAtTheLowestFreeIndices() {
    World world = World.settled(THREE);
    world.remove(world.workers("small").get(1));

    Plan plan = world.decide(Clusters.named("demo").group("small", 5).build());

    assertThat(deleted(plan)).isEmpty();
    assertThat(indices(plan)).containsExactly("1", "3", "4");
    assertThat(why(plan)).containsExactly("group small wants 5 workers and has 2");
  }

  @ParameterizedTest(name = "min {0}, replicas {1}, max {2}: {3} workers")
  @CsvSource({"0, 2, 5, 2", "3, 2, 5, 3", "0, 9, 5, 5", "0, 0, 0, 0", "2, 0, 5, 2"})
  void replicasAreHeldWithinTheirBounds(int min, int replicas, int max, int workers) {
    RayCluster cluster = Clusters.named("demo").group("small", min, replicas, max).build();

    assertThat(indices(new World().decide(cluster))).hasSize(workers);
  }

  @Test
  void aGroupShrinksFromItsHighestIndex() {
    World world = World.settled(THREE);

    Plan plan = world.decide(Clusters.named("demo").group("small", 1).build());

    assertThat(created(plan)).isEmpty();
    assertThat(deleted(plan))
        .containsExactly(world.workers("small").get(2), world.workers("small").get(1));
    assertThat(why(plan)).containsExactly("group small wants 1 workers and has 3");
  }

  @Test
  void workersThatDoLeastGoFirst() {
    RayCluster five = Clusters.named("demo").group("small", 5).build();
    World world = World.settled(five);
    List<String> workers = world.workers("small");
    world.change(workers.get(0), pod -> Pods.unschedulable(pod, "no node"));
    world.change(workers.get(2), Pods::runningButNotReady);

    Plan plan = world.decide(Clusters.named("demo").group("small", 2).build());

    assertThat(deleted(plan)).containsExactly(workers.get(0), workers.get(2), workers.get(4));
  }

  @Test
  void aNamedWorkerGoesAndTheGroupShrinksByItAlone() {
    World world = World.settled(THREE);
    String named = world.workers("small").get(0);

    Plan plan = world.decide(Clusters.named("demo").group("small", 0, 2, 9, named).build());

    assertThat(deleted(plan)).containsExactly(named);
    assertThat(created(plan)).isEmpty();
    assertThat(why(plan)).containsExactly("it is named in workersToDelete");
  }

  @Test
  void aNamedWorkerIsReplacedUnderAnotherNameWhenTheGroupKeepsItsSize() {
    World world = World.settled(THREE);
    String named = world.workers("small").get(1);
    RayCluster naming = Clusters.named("demo").group("small", 0, 3, 9, named).build();

    Plan plan = world.decide(naming);
    world.carryOut(plan);
    world.settle();

    assertThat(deleted(plan)).containsExactly(named);
    assertThat(indices(plan)).containsExactly("1");
    assertThat(created(plan)).doesNotContain(named);
    assertThat(world.decide(naming)).as("the name stays in the spec").isEqualTo(Plan.NOTHING);
  }

  @Test
  void aNameThatIsWantedGoneIsNotGivenToANewWorker() {
    String first = created(new World().decide(THREE)).get(1);

    Plan plan = new World().decide(Clusters.named("demo").group("small", 0, 3, 9, first).build());

    assertThat(created(plan)).hasSize(4).doesNotContain(first);
  }

  @Test
  void namesThatAreNotOfTheGroupAreLeftAlone() {
    RayCluster two = Clusters.named("demo").group("small", 2).group("large", 2).build();
    World world = World.settled(two);

    Plan plan =
        world.decide(
            Clusters.named("demo")
                .group(
                    "small", 0, 2, 9, world.workers("large").get(0), "demo-head", "somebody-elses")
                .group("large", 2)
                .build());

    assertThat(plan).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aFailedWorkerIsReplacedUnderAnotherName() {
    World world = World.settled(THREE);
    String failed = world.workers("small").get(1);
    world.change(failed, Pods::failed);

    Plan plan = world.decide(THREE);

    assertThat(deleted(plan)).containsExactly(failed);
    assertThat(indices(plan)).containsExactly("1");
    assertThat(created(plan)).doesNotContain(failed);
    assertThat(why(plan)).contains("the pod's phase is Failed (Evicted)");
  }

  @Test
  void aNameStandsForOnePodOnly() {
    World world = World.settled(THREE);
    String lost = world.workers("small").get(1);
    world.remove(lost);

    Plan plan = world.decide(THREE);

    assertThat(indices(plan)).containsExactly("1");
    assertThat(created(plan)).doesNotContain(lost);
  }

  @Test
  void aPodThatFailsAtOnceIsReplacedOnlyAfterAWhile() {
    World world = World.settled(THREE);
    String first = world.workers("small").get(0);
    String second = world.workers("small").get(1);
    created(world, first, Duration.ofSeconds(3));
    created(world, second, Duration.ofSeconds(7));
    world.change(first, Pods::failed);
    world.change(second, Pods::failed);

    Plan early = world.decide(THREE);
    world.now = world.now.plus(early.lookAgainIn().orElseThrow());
    Plan later = world.decide(THREE);

    assertThat(early.actions()).isEmpty();
    assertThat(early.lookAgainIn()).contains(Duration.ofSeconds(3));
    assertThat(deleted(later)).containsExactly(second);
    assertThat(later.lookAgainIn()).contains(Duration.ofSeconds(4));
  }

  @Test
  void aFailedPodOfAShrunkGroupGoesAtOnce() {
    World world = World.settled(THREE);
    String failed = world.workers("small").get(0);
    created(world, failed, Duration.ofSeconds(3));
    world.change(failed, Pods::failed);

    Plan plan = world.decide(Clusters.named("demo").group("small", 2).build());

    assertThat(deleted(plan)).containsExactly(failed);
  }

  @Test
  void aPodWithoutAnAgeIsOldEnough() {
    World world = World.settled(THREE);
    String failed = world.workers("small").get(0);
    world.change(failed, Pods::failed);
    world.change(
        failed, pod -> pod.edit().editMetadata().withCreationTimestamp(null).endMetadata().build());

    assertThat(deleted(world.decide(THREE))).containsExactly(failed);
  }

  @Test
  void endingWorkersDoNotCountAndTheirNamesAreNotUsedAgain() {
    World world = World.settled(THREE);
    String ending = world.workers("small").get(0);
    world.change(ending, Pods::terminating);

    Plan plan = world.decide(THREE);

    assertThat(deleted(plan)).isEmpty();
    assertThat(indices(plan)).containsExactly("0");
    assertThat(created(plan)).doesNotContain(ending);
  }

  @Test
  void aFailedHeadIsDeletedAndItsSuccessorWaitsUntilItIsGone() {
    World world = World.settled(THREE);
    world.change("demo-head", Pods::failed);

    Plan delete = world.decide(THREE);
    world.carryOut(delete);
    Plan wait = world.decide(THREE);
    world.remove("demo-head");
    Plan create = world.decide(THREE);

    assertThat(deleted(delete)).containsExactly("demo-head");
    assertThat(created(delete)).isEmpty();
    assertThat(wait.actions()).isEmpty();
    assertThat(created(create)).containsExactly("demo-head");
  }

  @Test
  void aHeadThatFailsAtOnceIsLookedAtAgain() {
    World world = World.settled(THREE);
    created(world, "demo-head", Duration.ofSeconds(4));
    world.change("demo-head", Pods::failed);

    Plan plan = world.decide(THREE);

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.lookAgainIn()).contains(Duration.ofSeconds(6));
  }

  @Test
  void workersOfARemovedGroupGo() {
    World world = World.settled(Clusters.named("demo").group("small", 2).group("large", 1).build());
    List<String> small = world.workers("small");
    world.change(small.get(1), Pods::terminating);

    Plan plan = world.decide(Clusters.named("demo").group("large", 1).build());

    assertThat(deleted(plan)).containsExactly(small.get(0));
    assertThat(why(plan)).containsExactly("the spec has no group small any more");
  }

  @Test
  void aRenamedGroupIsAnotherGroup() {
    World world = World.settled(THREE);

    Plan plan = world.decide(Clusters.named("demo").group("SMALL", 3).build());

    assertThat(deleted(plan)).hasSize(3);
    assertThat(created(plan)).hasSize(3).doesNotContainAnyElementsOf(world.names());
  }

  @Test
  void aDeletionNamesExactlyThePodThatWasLookedAt() {
    World world = World.settled(THREE);
    String last = world.workers("small").get(2);
    var seen =
        world.observed().pods().stream().filter(pod -> pod.name().equals(last)).findFirst().get();

    Plan plan = world.decide(Clusters.named("demo").group("small", 2).build());

    assertThat(plan.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.DeletePod.class,
            delete -> {
              assertThat(delete.namespace()).isEqualTo(Clusters.NAMESPACE);
              assertThat(delete.uid()).isEqualTo(seen.uid());
              assertThat(delete.resourceVersion()).isEqualTo(seen.resourceVersion());
            });
  }

  @Test
  void theServiceComesFirstThenDeletionsThenCreations() {
    World world = World.settled(Clusters.named("demo").group("small", 1).group("old", 1).build());
    world.removeServices();

    Plan plan = world.decide(Clusters.named("demo").group("new", 1).group("small", 2).build());

    assertThat(plan.actions())
        .extracting(action -> action.getClass().getSimpleName())
        .containsExactly("Apply", "DeletePod", "CreatePod", "CreatePod");
  }

  @Test
  void aWorkerWithoutAnIndexCounts() {
    World world = World.settled(THREE);
    world.change(
        world.workers("small").get(2),
        pod ->
            pod.edit()
                .editMetadata()
                .removeFromLabels(RayLabels.REPLICA_INDEX)
                .endMetadata()
                .build());

    assertThat(world.decide(THREE)).isEqualTo(Plan.NOTHING);
    assertThat(indices(world.decide(Clusters.named("demo").group("small", 4).build())))
        .containsExactly("2");
  }

  /** A typo must not fill the memory of the operator. */
  @Test
  void aHugeGroupIsMadeInPortions() {
    RayCluster cluster =
        Clusters.named("demo").group("small", 0, 2_000_000_000, Integer.MAX_VALUE).build();

    Plan plan = new World().decide(cluster);

    assertThat(plan.actions()).hasSizeLessThan(2_000);
    assertThat(plan.lookAgainIn()).isPresent();
  }

  @Test
  void aLargeGroupIsCompleteAfterSomePortions() {
    RayCluster cluster = Clusters.named("demo").group("small", 600).group("b", 5).build();
    World world = new World();
    for (int pass = 0; pass < 4; pass++) {
      world.carryOut(world.decide(cluster));
    }

    assertThat(world.workers("small")).hasSize(600);
    assertThat(world.workers("b")).hasSize(5);
    assertThat(world.decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  /** Whoever sees nothing of what was written before asks for the same pods again. */
  @Test
  void aStaleViewLeadsToTheSameNames() {
    ObservedCluster nothing = new ObservedCluster(List.of(), List.of(), Optional.empty());

    Plan first = World.decide(THREE, nothing, World.START, World.SETTINGS);
    Plan again =
        World.decide(
            THREE,
            nothing,
            World.START.plusSeconds(60),
            new ClusterSettings(
                PodSettings.standard("1"), ChildSettings.DEFAULT, false, BatchScheduler.NONE));

    assertThat(created(again)).isEqualTo(created(first));
  }

  private static void created(World world, String pod, Duration age) {
    String time = world.now.minus(age).toString();
    world.change(
        pod, p -> p.edit().editMetadata().withCreationTimestamp(time).endMetadata().build());
  }

  static List<String> created(Plan plan) {
    return plan.actions().stream()
        .filter(Action.CreatePod.class::isInstance)
        .map(action -> ((Action.CreatePod) action).pod().getMetadata().getName())
        .toList();
  }

  static List<String> deleted(Plan plan) {
    return plan.actions().stream()
        .filter(Action.DeletePod.class::isInstance)
        .map(action -> ((Action.DeletePod) action).name())
        .toList();
  }

  private static List<String> indices(Plan plan) {
    return plan.actions().stream()
        .filter(Action.CreatePod.class::isInstance)
        .map(action -> ((Action.CreatePod) action).pod().getMetadata().getLabels())
        .filter(labels -> labels.containsKey(RayLabels.REPLICA_INDEX))
        .map(labels -> labels.get(RayLabels.REPLICA_INDEX))
        .toList();
  }

  private static Set<String> why(Plan plan) {
    return plan.actions().stream().map(a -> a.reason().why()).collect(Collectors.toSet());
  }
}
