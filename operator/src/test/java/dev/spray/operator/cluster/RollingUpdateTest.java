package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.created;
import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollingUpdateTest {
  private static final String CHANGED = "rayStartParams: {num-cpus: '3'}";

  @Test
  void oneReplicaAfterTheOtherIsReplacedAndTheHeadStays() {
    World world = World.settled(cluster(3, "{}", ""));
    RayCluster after = cluster(3, CHANGED, "");
    String head = uid(world, "demo-head");

    for (int left = 3; left > 0; left--) {
      Plan more = world.pass(after);
      assertThat(created(more)).hasSize(1);
      assertThat(deleted(more)).isEmpty();
      assertThat(pending(after))
          .returns("RollingUpdate", Condition::getReason)
          .satisfies(condition ->
              assertThat(condition.getMessage())
                  .contains("waiting for " + created(more).getFirst()));
      assertThat(world.pass(after).actions()).as("while the new one isn't ready").isEmpty();

      world.settle();
      Plan fewer = world.pass(after);
      assertThat(deleted(fewer)).hasSize(1);
      assertThat(created(fewer)).as("while an old one finishes its work").isEmpty();
      assertThat(pending(after).getMessage())
          .startsWith("%d of 3 workers of group small are replaced".formatted(4 - left))
          .contains(deleted(fewer).getFirst() + " finishes its work");
      assertThat(ready(after)).returns("False", Condition::getStatus);
      world.settle();
    }

    assertThat(world.pass(after)).isEqualTo(Plan.NOTHING);
    assertThat(uid(world, "demo-head")).isEqualTo(head);
    assertThat(world.workers("small")).hasSize(3);
    assertThat(ready(after)).returns("True", Condition::getStatus);
    assertThat(Conditions.find(Conditions.of(after), ConditionTypes.UPDATE_PENDING)).isEmpty();
  }

  @Test
  void aWorkerHasTimeToFinishItsWork() {
    World world = World.settled(cluster(1, "{}", "drainTimeoutSeconds: 600"));
    RayCluster after = cluster(1, CHANGED, "drainTimeoutSeconds: 600");
    world.pass(after);
    world.settle();

    Action action = world.pass(after).actions().getFirst();

    assertThat(action)
        .isInstanceOfSatisfying(
            Action.DeletePod.class,
            delete -> assertThat(delete.grace()).contains(Duration.ofMinutes(10).plusSeconds(15)));
    assertThat(action.reason())
        .returns("DeletedWorkerPod", reason -> reason.done())
        .returns(
            "group small wants 1 workers, and 1 are older than the spec", reason -> reason.why());
  }

  @ParameterizedTest
  @CsvSource({
    "4, 'maxSurge: 2', 2, 0",
    "4, 'maxSurge: 30%', 2, 0",
    "4, 'maxSurge: 200%', 4, 0",
    "4, 'maxSurge: 0\nmaxUnavailable: 1', 0, 1",
    "4, 'maxSurge: 0\nmaxUnavailable: 60%', 0, 2",
    "4, 'maxSurge: 0\nmaxUnavailable: 10%', 0, 1",
    "4, 'maxUnavailable: 1', 1, 1",
    "4, 'maxSurge: 0\nmaxUnavailable: 100', 0, 4",
    "0, '', 0, 0",
  })
  void theFirstStepIsAsLargeAsTheUserAllows(
      int workers, String options, int creations, int deletions) {
    World world = World.settled(cluster(workers, "{}", options));

    Plan plan = world.pass(cluster(workers, CHANGED, options));

    assertThat(created(plan)).hasSize(creations);
    assertThat(deleted(plan)).hasSize(deletions);
  }

  @Test
  void withoutSurgeANewOneWaitsForTheNodeOfTheOldOne() {
    String options = "maxSurge: 0\nmaxUnavailable: 1";
    World world = World.settled(cluster(2, "{}", options));
    RayCluster after = cluster(2, CHANGED, options);
    world.pass(after);

    assertThat(world.pass(after).actions()).as("while it finishes its work").isEmpty();
    world.settle();
    assertThat(created(world.pass(after))).hasSize(1);
  }

  @Test
  void itStopsWhenNewPodsDoNotBecomeReadyAndSaysSo() {
    World world = World.settled(cluster(3, "{}", ""));
    RayCluster after = cluster(3, CHANGED, "");
    String fresh = created(world.pass(after)).getFirst();
    world.change(
        fresh,
        pod ->
            Pods.withStatus(
                pod,
                new PodStatusBuilder()
                    .withPhase("Pending")
                    .withContainerStatuses(
                        Pods.waiting("ray-worker", "ImagePullBackOff", "no such image"))));

    assertThat(world.pass(after).actions()).isEmpty();

    assertThat(pending(after))
        .returns("NewPodsNotReady", Condition::getReason)
        .returns(
            "0 of 3 workers of group small are replaced, waiting for %1$s (ImagePullBackOff, no such image); stopped, as new pods don't become ready: %1$s (ImagePullBackOff, no such image); mend the template, or put back what it was"
                .formatted(fresh),
            Condition::getMessage);
    assertThat(ready(after))
        .returns("False", Condition::getStatus)
        .returns("NewPodsNotReady", Condition::getReason);
  }

  @Test
  void onesThatJustNeverBecomeReadyStopItToo() {
    World world = World.settled(cluster(3, "{}", ""));
    RayCluster after = cluster(3, CHANGED, "");
    String fresh = created(world.pass(after)).getFirst();
    world.change(fresh, pod -> Pods.unschedulable(pod, "0/3 nodes are available"));
    Plan waiting = world.pass(after);
    assertThat(pending(after).getReason()).isEqualTo("RollingUpdate");
    assertThat(waiting.lookAgainIn()).contains(Duration.ofSeconds(601));

    world.now = world.now.plusSeconds(601);
    assertThat(world.pass(after).actions()).isEmpty();
    assertThat(pending(after).getReason()).isEqualTo("NewPodsNotReady");
  }

  @Test
  void puttingTheTemplateBackEndsIt() {
    RayCluster before = cluster(3, "{}", "");
    World world = World.settled(before);
    String fresh = created(world.pass(cluster(3, CHANGED, ""))).getFirst();

    assertThat(deleted(world.pass(before))).containsExactly(fresh);
    world.settle();
    assertThat(world.pass(before)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aHeadThatChangedAloneIsReplaced() {
    World world = World.settled(cluster(2, "{}", ""));
    List<String> workers = world.workers("small");

    Plan plan = world.pass(changedHead(2, "{}"));

    assertThat(deleted(plan)).containsExactly("demo-head");
    assertThat(plan.actions().getFirst().reason().why())
        .isEqualTo("it is older than the spec, and all workers are up to date");
    world.settle();
    assertThat(created(world.pass(changedHead(2, "{}")))).containsExactly("demo-head");
    assertThat(world.workers("small")).isEqualTo(workers);
  }

  @Test
  void theHeadIsReplacedLast() {
    World world = World.settled(cluster(1, "{}", ""));
    RayCluster after = changedHead(1, CHANGED);
    List<String> order = new ArrayList<>();

    for (int step = 0; step < 8; step++) {
      order.addAll(deleted(world.pass(after)));
      if (!order.contains("demo-head")) {
        assertThat(pending(after).getMessage()).contains("the head is replaced last");
      }
      world.settle();
    }

    assertThat(order).hasSize(2).last().isEqualTo("demo-head");
    assertThat(world.pass(after)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aHeadThatNeverStartedHasNothingToLose() {
    World world = World.settled(cluster(1, "{}", ""));
    world.change("demo-head", pod -> Pods.unschedulable(pod, "too large"));

    assertThat(deleted(world.pass(changedHead(1, CHANGED)))).containsExactly("demo-head");
  }

  @Test
  void whileTheHeadIsNotReadyNoWorkerGoes() {
    World world = World.settled(cluster(1, "{}", ""));
    RayCluster after = cluster(1, CHANGED, "");
    world.pass(after);
    world.settle();
    world.change("demo-head", Pods::runningButNotReady);

    assertThat(deleted(world.pass(after))).isEmpty();
  }

  /** Ray before 2.57 doesn't drain when it is told to end. */
  @Test
  void aWorkerThatCanNotBeDrainedStaysUntilItIsIdle() {
    World world = World.settled(cluster("2.9.0", 1, "{}"));
    RayCluster after = cluster("2.9.0", 1, CHANGED);
    String old = world.workers("small").getFirst();
    world.pass(after);
    world.settle();

    world.idle = Optional.empty();
    Plan asking = world.pass(after);
    assertThat(deleted(asking)).isEmpty();
    assertThat(asking.asksWhoIsIdle()).isTrue();
    assertThat(pending(after).getMessage())
        .contains(old + " can't be told to finish its work, and stays until it is idle");

    world.idle = Optional.of(Set.of());
    Plan busy = world.pass(after);
    assertThat(deleted(busy)).isEmpty();
    assertThat(busy.lookAgainIn()).as("to ask again").isPresent();

    world.idle = Optional.of(Set.of("10.0.0.7"));
    assertThat(deleted(world.pass(after))).containsExactly(old);
  }

  @Test
  void oneThatIsLostMeanwhileIsReplacedBesides() {
    World world = World.settled(cluster(3, "{}", ""));
    RayCluster after = cluster(3, CHANGED, "");
    world.pass(after);
    world.remove(world.workers("small").getFirst());
    world.remove(world.workers("small").getFirst());

    assertThat(created(world.pass(after))).hasSize(2);
  }

  @Test
  void aGroupCanBeResizedMeanwhile() {
    World world = World.settled(cluster(3, "{}", ""));
    world.pass(cluster(3, CHANGED, ""));
    world.settle();

    RayCluster more = cluster(5, CHANGED, "");
    assertThat(created(world.pass(more))).hasSize(2);
    world.settle();
    RayCluster fewer = cluster(2, CHANGED, "");
    for (int step = 0; step < 8; step++) {
      world.pass(fewer);
      world.settle();
    }
    assertThat(world.pass(fewer)).isEqualTo(Plan.NOTHING);
    assertThat(world.workers("small")).hasSize(2);
  }

  @Test
  void aReplicaWithSeveralHostsIsReplacedAsAWhole() {
    World world = World.settled(cluster(2, "numOfHosts: 2", ""));
    RayCluster after = cluster(2, "numOfHosts: 2\n" + CHANGED, "");

    assertThat(created(world.pass(after))).hasSize(2);
    world.change(world.workers("small").getLast(), Pods::ready);
    assertThat(world.pass(after).actions()).as("half a replica is none").isEmpty();
    world.settle();
    assertThat(deleted(world.pass(after))).hasSize(2);
    for (int step = 0; step < 8; step++) {
      world.settle();
      world.pass(after);
    }
    assertThat(world.pass(after)).isEqualTo(Plan.NOTHING);
    assertThat(Replica.of(world.observed().workers("small"), 2)).hasSize(2);
  }

  /** It sets the number of replicas and names who goes; both hold while others are replaced. */
  @Test
  void raysAutoscalerGoesOnMeanwhile() {
    String autoscaled = "enableInTreeAutoscaling: true\n";
    World world = World.settled(cluster(3, "{}", "", autoscaled));
    RayCluster after = cluster(3, CHANGED, "", autoscaled);
    world.pass(after);
    world.settle();
    String named = world.workers("small").getFirst();

    RayCluster scaled =
        cluster(
            2,
            CHANGED + "\nscaleStrategy: {workersToDelete: [%s]}".formatted(named),
            "",
            autoscaled);
    assertThat(deleted(world.pass(scaled))).contains(named);
    for (int step = 0; step < 12; step++) {
      world.settle();
      world.pass(scaled);
    }

    assertThat(world.pass(scaled)).isEqualTo(Plan.NOTHING);
    assertThat(world.workers("small")).hasSize(2);
  }

  @Test
  void podsOfKubeRaysAreReplacedOnceTheSpecChanges() {
    RayCluster found = cluster(1, "{}", "");
    World world = World.settled(found);
    world
        .names()
        .forEach(name ->
            world.change(
                name,
                pod -> {
                  pod.getMetadata().getAnnotations().remove(RayLabels.REVISION);
                  return pod;
                }));
    assertThat(world.pass(found).actions()).isEmpty();

    RayCluster after = cluster(1, CHANGED, "");
    after.setStatus(found.getStatus());
    assertThat(created(world.pass(after))).hasSize(1);
    world.settle();
    assertThat(deleted(world.pass(after))).hasSize(1).doesNotContain("demo-head");
  }

  @Test
  void theStrategyAloneReplacesNothing() {
    RayCluster none = Clusters.named("demo").group("small", 2, "{}").build();
    World world = World.settled(none);

    assertThat(world.pass(cluster(2, "{}", "maxSurge: 2")).actions()).isEmpty();
  }

  @Test
  void aSuspendedClusterIsSuspended() {
    World world = World.settled(cluster(2, "{}", ""));
    RayCluster after = cluster(2, CHANGED, "", "suspend: true\n");
    world.pass(after);

    assertThat(deleted(world.pass(after))).hasSize(3);
    assertThat(Conditions.find(Conditions.of(after), ConditionTypes.UPDATE_PENDING)).isEmpty();
  }

  @Test
  void onlyWorkersOfAClusterThatIsRolledAreToldHowLongTheyMayDrain() {
    World world = World.settled(cluster(1, "{}", "drainTimeoutSeconds: 77"));
    assertThat(world.observed().workers())
        .extracting(ObservedPod::drain)
        .containsExactly(Optional.of(Duration.ofSeconds(77)));
    assertThat(world.observed().heads()).allMatch(pod -> pod.drain().isEmpty());
    assertThat(World.settled(Clusters.named("demo").group("small", 1).build()).observed().pods())
        .allMatch(pod -> pod.drain().isEmpty());
  }

  private static Condition pending(RayCluster cluster) {
    return Conditions.find(Conditions.of(cluster), ConditionTypes.UPDATE_PENDING).orElseThrow();
  }

  private static Condition ready(RayCluster cluster) {
    return Conditions.find(Conditions.of(cluster), ConditionTypes.READY).orElseThrow();
  }

  private static String uid(World world, String name) {
    return world.observed().pods().stream()
        .filter(pod -> pod.name().equals(name))
        .findFirst()
        .orElseThrow()
        .uid();
  }

  private static RayCluster changedHead(int workers, String group) {
    return cluster(workers, group, "", "headGroupSpec: {rayStartParams: {num-cpus: '0'}}\n");
  }

  private static RayCluster cluster(int workers, String group, String options) {
    return cluster(workers, group, options, "");
  }

  private static RayCluster cluster(String rayVersion, int workers, String group) {
    return cluster(workers, group, "", "rayVersion: %s\n".formatted(rayVersion));
  }

  private static RayCluster cluster(int workers, String group, String options, String more) {
    String update = options.isEmpty() ? "" : "  rollingUpdate:\n" + options.indent(4);
    return Clusters.named("demo")
        .group("small", workers, group)
        .with(more + "upgradeStrategy:\n  type: RollingUpdate\n" + update)
        .build();
  }
}
