package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RollingUpdate;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Plan;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds all through a rolling update: each seed makes groups and options at random, and then
 * has pods become ready and end whenever they like.
 */
class RollingUpdatePropertiesTest {
  private static final int SEEDS = 250;
  private static final int MOST_STEPS = 3_000;
  private static final List<String> GROUPS = List.of("a", "b", "c");

  static IntStream seeds() {
    return IntStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void neverMoreThanTheSurgeNeverFewerThanPromisedAndItEnds(int seed) {
    Random random = new Random(seed);
    Case one = Case.of(random);
    World world = World.settled(one.before());
    RayCluster after = one.after();

    int steps = 0;
    for (Plan plan = world.pass(after); !isDone(world, after, plan); plan = world.pass(after)) {
      for (WorkerGroupSpec group : after.getSpec().workerGroupSpecs()) {
        check(world, after, group);
      }
      checkHead(world, after, one, plan);
      something(world, random);
      assertThat(++steps).as("steps").isLessThan(MOST_STEPS);
    }

    assertThat(world.observed().heads()).hasSize(1);
    for (WorkerGroupSpec group : after.getSpec().workerGroupSpecs()) {
      assertThat(world.observed().workers(group.groupName())).hasSize((int) group.desiredPods());
    }
  }

  private static void check(World world, RayCluster cluster, WorkerGroupSpec group) {
    RollingUpdate update = cluster.getSpec().rollingUpdate();
    int desired = group.desiredReplicas();
    List<Replica> replicas = Replica.of(world.observed().workers(group.groupName()), group.hosts());
    assertThat(replicas)
        .as("replicas of group %s, also those on their way out", group.groupName())
        .hasSizeLessThanOrEqualTo(desired + update.surgeOf(desired));
    assertThat(replicas.stream().filter(replica -> isReady(replica, group)).count())
        .as("ready replicas of group " + group.groupName())
        .isGreaterThanOrEqualTo(desired - update.unavailableOf(desired));
  }

  private static boolean isReady(Replica replica, WorkerGroupSpec group) {
    return replica.pods().size() == group.hosts()
        && replica.all(pod -> pod.ready() && !pod.terminating());
  }

  private static void checkHead(World world, RayCluster cluster, Case one, Plan plan) {
    if (deleted(plan).contains("demo-head")) {
      assertThat(one.headChanged()).as("the head changed").isTrue();
      assertThat(world.observed().workers())
          .as("workers that are older than the spec")
          .noneMatch(Revisions.of(cluster)::isOutdated);
    }
  }

  private static boolean isDone(World world, RayCluster cluster, Plan plan) {
    return plan.equals(Plan.NOTHING)
        && world.observed().pods().stream()
            .allMatch(
                pod -> pod.ready() && !pod.terminating() && !Revisions.of(cluster).isOutdated(pod));
  }

  /** One pod goes on: it becomes ready, or it is gone. Workers wait for their head. */
  private static void something(World world, Random random) {
    world.now = world.now.plusSeconds(random.nextInt(3));
    boolean head = world.observed().liveHead().filter(ObservedPod::ready).isPresent();
    List<ObservedPod> waiting =
        world.observed().pods().stream()
            .filter(pod -> pod.terminating() || (!pod.ready() && (head || pod.head())))
            .toList();
    if (waiting.isEmpty() || random.nextInt(4) == 0) {
      return;
    }
    ObservedPod pod = waiting.get(random.nextInt(waiting.size()));
    if (pod.terminating()) {
      world.remove(pod.name());
    } else {
      world.change(pod.name(), Pods::ready);
    }
  }

  private record Case(RayCluster before, RayCluster after, boolean headChanged) {

    static Case of(Random random) {
      String options = options(random);
      boolean headChanged = random.nextInt(4) == 0;
      Clusters before = Clusters.named("demo");
      Clusters after = Clusters.named("demo");
      for (String group : GROUPS) {
        int replicas = random.nextInt(7);
        String hosts = "numOfHosts: " + (random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1);
        boolean changed = random.nextInt(4) > 0;
        before.group(group, replicas, hosts);
        after.group(group, replicas, hosts + (changed ? "\nrayStartParams: {num-cpus: '3'}" : ""));
      }
      String head = headChanged ? "\nheadGroupSpec: {rayStartParams: {num-cpus: '0'}}" : "";
      return new Case(
          before.with(options).build(), after.with(options + head).build(), headChanged);
    }

    private static String options(Random random) {
      int surge = random.nextInt(4);
      int unavailable = surge == 0 ? 1 + random.nextInt(3) : random.nextInt(3);
      boolean relative = random.nextInt(3) == 0;
      return "upgradeStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: %s, maxUnavailable: %s}}"
          .formatted(
              relative ? surge * 20 + 5 + "%" : surge + "",
              relative ? unavailable * 20 + "%" : unavailable + "");
    }
  }
}
