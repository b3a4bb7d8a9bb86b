package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.pods.Host;
import dev.spray.operator.pods.RayPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds from whatever state: each seed makes a spec and a world at random. */
class ClusterDecisionPropertiesTest {
  private static final int SEEDS = 250;
  private static final int MOST_ROUNDS = 6;
  private static final List<String> GROUPS = List.of("a", "b", "B", "c.d");

  static IntStream seeds() {
    return IntStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyWorldComesToRestWithExactlyWhatIsWanted(int seed) {
    Random random = new Random(seed);
    World world = new World();
    RayCluster cluster = cluster(random);
    populate(random, cluster, world);

    int rounds = 0;
    for (Plan plan = world.decide(cluster); !plan.equals(Plan.NOTHING) || isEnding(world); ) {
      world.carryOut(plan);
      if (random.nextBoolean()) {
        // A pass comes between the writes and what they lead to.
        world.carryOut(world.decide(cluster));
      }
      world.settle();
      plan = world.decide(cluster);
      assertThat(++rounds).as("rounds").isLessThanOrEqualTo(MOST_ROUNDS);
    }

    assertThat(world.observed().heads()).hasSize(1).allMatch(ObservedPod::ready);
    for (WorkerGroupSpec group : cluster.getSpec().workerGroupSpecs()) {
      assertThat(world.observed().workers(group.groupName()))
          .as(group.groupName())
          .hasSize((int) group.desiredPods())
          .allMatch(ObservedPod::ready);
      assertThat(Replica.of(world.observed().workers(group.groupName()), group.hosts()))
          .as(group.groupName())
          .allMatch(replica -> replica.pods().size() == group.hosts())
          .allMatch(replica -> replica.fits(group.hosts()));
    }
    assertThat(world.observed().workers())
        .as("workers of no group")
        .allMatch(pod ->
            cluster.getSpec().workerGroupSpecs().stream()
                .anyMatch(group -> group.groupName().equals(pod.group())));
    assertThat(world.service(cluster)).isNotNull();
    assertThat(Readiness.of(cluster, world.observed()).ready()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderInWhichPodsAreSeenDoesNotMatter(int seed) {
    Random random = new Random(seed);
    World world = new World();
    RayCluster cluster = cluster(random);
    populate(random, cluster, world);

    Plan plan = world.decide(cluster);
    Plan other = World.decide(cluster, world.observedIn(random), world.now, World.SETTINGS);

    assertThat(described(other)).containsExactlyInAnyOrderElementsOf(described(plan));
    assertThat(other.lookAgainIn()).isEqualTo(plan.lookAgainIn());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aHealthyPodGoesOnlyWhenItsGroupShrinksOrEndsOrWhenItIsNamed(int seed) {
    Random random = new Random(seed);
    World world = new World();
    RayCluster cluster = cluster(random);
    populate(random, cluster, world);
    Map<String, ObservedPod> pods =
        world.observed().pods().stream()
            .collect(Collectors.toMap(ObservedPod::name, Function.identity()));
    Map<String, WorkerGroupSpec> groups =
        cluster.getSpec().workerGroupSpecs().stream()
            .collect(Collectors.toMap(WorkerGroupSpec::groupName, Function.identity()));

    for (String name : ClusterDecisionTest.deleted(world.decide(cluster))) {
      ObservedPod pod = pods.get(name);
      assertThat(pod.terminating()).as("%s is on its way already", name).isFalse();
      if (pod.isLive()) {
        WorkerGroupSpec group = groups.get(pod.group());
        assertThat(!pod.head() && (group == null || mayGo(pod, group, world))).as(name).isTrue();
      }
    }
  }

  /** It, or a pod that it lives and dies with, is named or not as it should be, or one too many. */
  private static boolean mayGo(ObservedPod pod, WorkerGroupSpec group, World world) {
    List<Replica> replicas = Replica.of(world.observed().workers(pod.group()), group.hosts());
    Replica replica =
        replicas.stream().filter(one -> one.pods().contains(pod)).findFirst().orElseThrow();
    return replica.any(one -> !one.isLive() || group.workersToDelete().contains(one.name()))
        || replica.pods().size() != group.hosts()
        || !replica.fits(group.hosts())
        || replicas.stream().filter(one -> one.any(host -> !host.terminating())).count()
            > group.desiredReplicas();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPlanNeverUsesANameTwice(int seed) {
    Random random = new Random(seed);
    World world = new World();
    RayCluster cluster = cluster(random);
    populate(random, cluster, world);

    Plan plan = world.decide(cluster);

    assertThat(ClusterDecisionTest.created(plan))
        .doesNotHaveDuplicates()
        .noneMatch(world.names()::contains);
    assertThat(ClusterDecisionTest.deleted(plan)).doesNotHaveDuplicates().isSubsetOf(world.names());
  }

  private static boolean isEnding(World world) {
    return world.observed().pods().stream().anyMatch(ObservedPod::terminating);
  }

  /** Up to four groups, some with several hosts per replica; some want this or that pod gone. */
  private static RayCluster cluster(Random random) {
    Clusters cluster = Clusters.named("demo");
    for (String group : GROUPS) {
      if (random.nextInt(3) > 0) {
        int min = random.nextInt(3);
        int max = min + random.nextInt(5);
        String toDelete =
            Stream.of(podName(group, random.nextInt(6)), podName("a", 1), "somebody-elses")
                .filter(name -> random.nextInt(3) == 0)
                .collect(Collectors.joining(", "));
        cluster.group(
            group,
            random.nextInt(8),
            """
            minReplicas: %d
            maxReplicas: %d
            numOfHosts: %d
            scaleStrategy: {workersToDelete: [%s]}
            """
                .formatted(min, max, random.nextBoolean() ? 1 : 1 + random.nextInt(3), toDelete));
      }
    }
    return cluster.build();
  }

  /**
   * Pods in all states, some of groups that the spec hasn't, some of equal index, some of replicas
   * with several hosts, also where the spec wants one.
   */
  private static void populate(Random random, RayCluster cluster, World world) {
    if (random.nextInt(3) > 0) {
      world.add(RayPod.head(cluster, Pods.SETTINGS));
      world.change("demo-head", state(random));
    }
    for (String group : GROUPS) {
      for (int i = random.nextInt(7); i > 0; i--) {
        String name = podName(group, i);
        if (random.nextBoolean()) {
          world.worker(cluster, group, random.nextInt(5), name);
        } else {
          Host host = new Host(group + "-r" + random.nextInt(3), random.nextInt(3));
          world.host(cluster, group, random.nextInt(5), host, name);
        }
        world.change(name, state(random));
      }
    }
    if (random.nextBoolean()) {
      world.carryOut(
          new Plan(
              world.decide(cluster).actions().stream()
                  .filter(Action.Apply.class::isInstance)
                  .toList(),
              Optional.empty()));
    }
    world.now = world.now.plus(Duration.ofSeconds(random.nextInt(20)));
  }

  private static UnaryOperator<Pod> state(Random random) {
    List<UnaryOperator<Pod>> states = new ArrayList<>();
    states.add(Pods::ready);
    states.add(Pods::ready);
    states.add(Pods::runningButNotReady);
    states.add(pod -> Pods.unschedulable(pod, "no node"));
    states.add(Pods::failed);
    states.add(Pods::terminating);
    states.add(pod -> Pods.terminating(Pods.failed(pod)));
    return states.get(random.nextInt(states.size()));
  }

  private static String podName(String group, int number) {
    return "demo-%s-worker-%d".formatted(group, number);
  }

  private static List<String> described(Plan plan) {
    return plan.actions().stream()
        .map(action ->
            switch (action) {
              case Action.Apply apply -> "apply " + apply.desired().getMetadata().getName();
              case Action.Delete delete -> "delete " + delete.observed().getMetadata().getName();
              case Action.CreatePod create -> "create " + create.pod().getMetadata();
              case Action.DeletePod delete -> delete.toString();
              case Action.Create create -> "create " + create.object().getMetadata();
              case Action.AddFinalizer add -> add.toString();
              case Action.MakeSecret make -> "make " + make.kind() + " " + make.name();
              case Action.RequireSecret require -> require.toString();
              case Action.RemoveFinalizer remove -> remove.toString();
              case Action.SuspendCluster suspend -> suspend.toString();
              case Action.DeleteCluster delete -> delete.toString();
            })
        .toList();
  }
}
