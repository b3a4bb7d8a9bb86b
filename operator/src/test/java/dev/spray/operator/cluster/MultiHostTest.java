package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.created;
import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.pods.Host;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas with several hosts: whole, or not at all. */
class MultiHostTest {
  private static final RayCluster TWO = cluster(2);
  private static final int HOSTS = 4;

  @Test
  void aReplicaGetsAllItsHosts() {
    Plan plan = new World().decide(TWO);

    assertThat(hosts(plan)).containsExactly("0 0", "0 1", "0 2", "0 3", "1 0", "1 1", "1 2", "1 3");
    assertThat(created(plan)).doesNotHaveDuplicates();
    assertThat(replicaNames(plan)).hasSize(2).allMatch(name -> name.matches("tpu-[a-z0-9]{5}"));
    assertThat(replicaNames(new World().decide(TWO))).isEqualTo(replicaNames(plan));
  }

  @Test
  void aWholeReplicaNeedsNothing() {
    assertThat(World.settled(TWO).decide(TWO)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void whenOneHostFailsAllGoAndTheReplicaIsMadeAnew() {
    World world = World.settled(TWO);
    String failed = world.workers("tpu").get(5);
    world.change(failed, Pods::failed);

    Plan plan = world.decide(TWO);

    assertThat(deleted(plan)).containsExactlyInAnyOrderElementsOf(replica(world, 1));
    assertThat(hosts(plan)).containsExactly("1 0", "1 1", "1 2", "1 3");
    assertThat(replicaNames(plan)).doesNotContainAnyElementsOf(replicaNames(world));
    assertThat(whys(plan))
        .anyMatch(why -> why.contains(failed + ": the pod's phase is Failed (Evicted)"));
    assertComesToRest(world, TWO, 8);
  }

  /** Whoever comes after a crash finds the reason where it was. */
  @ParameterizedTest(name = "after the first {0} deletions")
  @ValueSource(ints = {1, 2, 3})
  void aDeletionThatWasInterruptedIsFinished(int done) {
    World world = World.settled(TWO);
    List<String> first = replica(world, 0);
    world.change(first.get(1), Pods::failed);
    Plan whole = world.decide(TWO);
    world.carryOut(new Plan(whole.actions().subList(0, done), Optional.empty()));
    deleted(whole).subList(0, done).forEach(world::remove);

    assertThat(deleted(world.decide(TWO)))
        .containsExactlyElementsOf(deleted(whole).subList(done, HOSTS));
    assertComesToRest(world, TWO, 8);
  }

  @Test
  void whenOneHostIsOnItsWayOutTheOthersFollow() {
    World world = World.settled(TWO);
    List<String> first = replica(world, 0);
    world.change(first.get(2), Pods::terminating);

    assertThat(deleted(world.decide(TWO)))
        .containsExactlyInAnyOrder(first.get(0), first.get(1), first.get(3));
    assertComesToRest(world, TWO, 8);
  }

  /** As when its node was deleted while nobody looked. */
  @Test
  void whenOneHostIsGoneWithoutATraceTheOthersFollow() {
    World world = World.settled(TWO);
    List<String> first = replica(world, 0);
    world.remove(first.get(2));
    world.now = world.now.plus(GroupDecision.MAKING);

    assertThat(deleted(world.decide(TWO)))
        .containsExactlyInAnyOrder(first.get(0), first.get(1), first.get(3));
    assertComesToRest(world, TWO, 8);
  }

  /** Then there is no doubt, however young it is. */
  @Test
  void aReplicaThatWasReadyOnceWasWhole() {
    RayCluster cluster = cluster(2);
    World world = new World();
    world.pass(cluster);
    world.now = world.now.plusSeconds(2);
    world.names().forEach(name -> world.change(name, Pods::ready));
    world.pass(cluster);
    List<String> first = replica(world, 0);
    world.remove(first.get(2));

    assertThat(deleted(world.decide(cluster)))
        .containsExactlyInAnyOrder(first.get(0), first.get(1), first.get(3));
  }

  @ParameterizedTest(name = "after the first {0} pods")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void aCreationThatWasInterruptedIsFinishedUnderTheSameNames(int done) {
    Plan whole = new World().decide(TWO);
    World world = new World();
    world.carryOut(new Plan(whole.actions().stream().limit(done + 1L).toList(), Optional.empty()));
    world.names().forEach(name -> world.change(name, Pods::ready));
    world.now = world.now.plus(Duration.ofSeconds(30));

    Plan rest = world.decide(TWO);

    assertThat(deleted(rest)).isEmpty();
    assertThat(Stream.concat(world.names().stream(), created(rest).stream()))
        .containsExactlyInAnyOrderElementsOf(created(whole));
    assertComesToRest(world, TWO, 8);
  }

  /** Nothing has run in it: nothing is lost. */
  @Test
  void aReplicaThatHasNotStartedIsCompletedHoweverOldItIs() {
    World world = new World();
    world.carryOut(world.decide(TWO));
    List<String> first = replica(world, 0);
    first.forEach(name -> world.change(name, pod -> Pods.unschedulable(pod, "no TPU")));
    world.remove(first.get(1));
    world.now = world.now.plus(Duration.ofDays(1));

    Plan plan = world.decide(TWO);

    assertThat(deleted(plan)).isEmpty();
    assertThat(hosts(plan)).containsExactly("0 1");
    assertThat(replicaNames(world)).containsAll(replicaNames(plan));
  }

  /** A quota that says no for an hour must not make the hosts that it let pass start again. */
  @Test
  void hostsThatAreRefusedAreNotLost() {
    RayCluster one = cluster(1);
    World world = World.settled(one);
    world.remove(world.workers("tpu").get(3));
    Outcome refused =
        Outcome.failed(
            new Action.CreatePod(new Pod(), Reasons.createWorker("")),
            new Outcome.Failure(Outcome.Kind.REFUSED, "exceeded quota"));
    one.setStatus(ClusterStatus.of(one, world.observed(), List.of(refused), world.now));
    world.now = world.now.plus(Duration.ofHours(1));

    assertThat(Conditions.isTrue(one.getStatus().conditions(), ConditionTypes.REPLICA_FAILURE))
        .isTrue();
    assertThat(deleted(world.decide(one))).isEmpty();
    assertThat(hosts(world.decide(one))).containsExactly("0 3");
  }

  @Test
  void aNamedHostTakesItsReplicaWithIt() {
    World world = World.settled(TWO);
    List<String> first = replica(world, 0);

    Plan plan = world.decide(cluster(1, first.get(3)));

    assertThat(deleted(plan)).containsExactlyInAnyOrderElementsOf(first);
    assertThat(created(plan)).isEmpty();
  }

  @Test
  void aNamedReplicaIsReplacedUnderOtherNamesWhenTheGroupKeepsItsSize() {
    World world = World.settled(TWO);
    List<String> first = replica(world, 0);
    RayCluster naming = cluster(2, first.toArray(String[]::new));

    Plan plan = world.pass(naming);
    world.settle();

    assertThat(deleted(plan)).containsExactlyInAnyOrderElementsOf(first);
    assertThat(created(plan)).hasSize(HOSTS).doesNotContainAnyElementsOf(first);
    assertThat(world.decide(naming)).as("the names stay in the spec").isEqualTo(Plan.NOTHING);
  }

  @Test
  void aGroupShrinksByWholeReplicasAndFirstByThoseThatDoLeast() {
    RayCluster three = cluster(3);
    World world = World.settled(three);
    world.change(world.workers("tpu").get(1), Pods::runningButNotReady);

    assertThat(deleted(world.decide(cluster(2))))
        .containsExactlyInAnyOrderElementsOf(replica(world, 0));
    assertThat(deleted(world.decide(cluster(1))))
        .hasSize(2 * HOSTS)
        .containsAll(replica(world, 0))
        .containsAll(replica(world, 2));
  }

  @ParameterizedTest(name = "{0} hosts instead of 4")
  @ValueSource(ints = {1, 2, 3, 5})
  void anotherNumberOfHostsMakesTheReplicasAnew(int hosts) {
    World world = World.settled(TWO);
    world.now = world.now.plus(GroupDecision.MAKING);
    RayCluster other = Clusters.named("demo").group("tpu", 2, "numOfHosts: " + hosts).build();

    assertThat(deleted(world.decide(other))).hasSize(2 * HOSTS);
    assertComesToRest(world, other, 2 * hosts);
  }

  /** As older versions of KubeRay made them. */
  @Test
  void podsThatNameNoReplicaCountWhenTheyAreEnoughForOne() {
    RayCluster one = cluster(1);
    World world = World.settled(cluster(0));
    for (int i = 0; i < HOSTS; i++) {
      world.worker(one, "tpu", 0, "old-" + i);
    }
    assertThat(world.decide(one)).isEqualTo(Plan.NOTHING);

    world.remove("old-2");

    assertThat(deleted(world.decide(one))).containsExactlyInAnyOrder("old-0", "old-1", "old-3");
    assertComesToRest(world, one, HOSTS);
  }

  @Test
  void twoPodsForOneHostAreNoReplica() {
    World world = World.settled(cluster(1));
    String replica = replicaNames(world).iterator().next();
    world.remove(world.workers("tpu").get(3));
    world.host(TWO, "tpu", 0, new Host(replica, 0), "twin");

    assertThat(deleted(world.decide(cluster(1)))).hasSize(HOSTS).contains("twin");
  }

  @Test
  void aLargeGroupIsCompleteAfterSomePortions() {
    RayCluster large = cluster(60);
    World world = new World();
    while (world.decide(large).lookAgainIn().isPresent()) {
      world.carryOut(world.decide(large));
    }
    world.carryOut(world.decide(large));

    assertThat(world.workers("tpu")).hasSize(60 * HOSTS);
    assertThat(world.decide(large)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aTypoThatAsksForBillionsOfHostsIsNoHarmToTheOperator() {
    RayCluster typo =
        Clusters.named("demo").group("tpu", 1, "numOfHosts: " + Integer.MAX_VALUE).build();
    World world = new World();
    for (int pass = 1; pass <= 3; pass++) {
      world.pass(typo);
      // The head is one of the first pass' portion.
      assertThat(world.workers("tpu")).hasSize(pass * Draft.MOST_CREATIONS - 1);
    }
    assertThat(deleted(world.decide(typo))).isEmpty();
  }

  @Test
  void statusCountsPods() {
    World world = World.settled(TWO);
    world.change(world.workers("tpu").getFirst(), Pods::runningButNotReady);
    RayCluster cluster = cluster(2);
    world.pass(cluster);

    var status = cluster.getStatus();
    assertThat(status.desiredWorkerReplicas()).isEqualTo(8);
    assertThat(status.readyWorkerReplicas()).isEqualTo(7);
    assertThat(status.maxWorkerReplicas()).isEqualTo(4_000_000);
    assertThat(status.desiredCPU().toString()).as("2 + 8 x 500m").isEqualTo("6");
    assertThat(Readiness.of(cluster, world.observed()).message())
        .startsWith("7 of 8 workers of group tpu are ready");
  }

  private static void assertComesToRest(World world, RayCluster cluster, int workers) {
    for (int pass = 0; pass < 4; pass++) {
      world.carryOut(world.decide(cluster));
      world.settle();
    }
    assertThat(world.decide(cluster)).isEqualTo(Plan.NOTHING);
    assertThat(world.workers("tpu")).hasSize(workers);
    assertThat(Readiness.of(cluster, world.observed()).ready()).isTrue();
  }

  private static RayCluster cluster(int replicas, String... toDelete) {
    return Clusters.named("demo")
        .group(
            "tpu",
            replicas,
            "{\"numOfHosts\": %d, \"scaleStrategy\": {\"workersToDelete\": [%s]}}"
                .formatted(
                    4, String.join(", ", Stream.of(toDelete).map(n -> '"' + n + '"').toList())))
        .build();
  }

  /** Names of the hosts of the replica at an index, by host. */
  private static List<String> replica(World world, int index) {
    return world.workers("tpu").subList(index * HOSTS, (index + 1) * HOSTS);
  }

  private static List<String> hosts(Plan plan) {
    return labels(plan)
        .map(labels -> labels.get(RayLabels.REPLICA_INDEX) + " " + labels.get(RayLabels.HOST_INDEX))
        .toList();
  }

  private static Set<String> replicaNames(Plan plan) {
    return labels(plan).map(labels -> labels.get(RayLabels.REPLICA_NAME)).collect(toSet());
  }

  private static Set<String> replicaNames(World world) {
    return world.observed().workers("tpu").stream()
        .map(pod -> pod.host().orElseThrow().replicaName())
        .collect(toSet());
  }

  private static Stream<Map<String, String>> labels(Plan plan) {
    return plan.actions().stream()
        .filter(Action.CreatePod.class::isInstance)
        .map(action -> ((Action.CreatePod) action).pod().getMetadata().getLabels())
        .filter(labels -> labels.containsKey(RayLabels.HOST_INDEX));
  }

  private static Set<String> whys(Plan plan) {
    return plan.actions().stream().map(action -> action.reason().why()).collect(toSet());
  }
}
