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
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecreateDecisionTest {
  private static final String CHANGED = "rayStartParams: {num-cpus: '3'}";

  private final RayCluster before = cluster("Recreate", "{}");
  private final World world = World.settled(before);
  private final List<String> old = world.names();
  private final List<String> uids = uids();

  @Test
  void aChangeOfOneGroupMakesAllPodsAnew() {
    RayCluster after = cluster("Recreate", CHANGED);

    Plan first = world.pass(after);
    assertThat(deleted(first)).as("those that are not older").containsExactly("demo-head");
    assertThat(first.lookAgainIn()).isPresent();
    assertThat(first.actions().getFirst().reason())
        .returns("DeletedPod", reason -> reason.done())
        .returns(
            "the spec says something else of 2 workers of group small, and"
                + " spec.upgradeStrategy.type is Recreate",
            reason -> reason.why());
    assertThat(pending(after))
        .get()
        .returns("Recreate", Condition::getReason)
        .returns(
            "Older than the spec: 2 workers of group small; all pods are made anew",
            Condition::getMessage);

    Plan second = world.pass(after);
    assertThat(deleted(second)).containsExactlyInAnyOrderElementsOf(world.workers("small"));
    assertThat(created(world.pass(after))).as("while the old ones are there").isEmpty();

    world.settle();
    Plan third = world.pass(after);
    assertThat(created(third)).hasSize(3);
    world.settle();
    assertThat(world.pass(after)).isEqualTo(Plan.NOTHING);
    assertThat(uids()).hasSize(3).doesNotContainAnyElementsOf(uids);
    assertThat(pending(after)).isEmpty();
  }

  @Test
  void whenAllAreOlderTheyGoAtOnce() {
    RayCluster after =
        Clusters.named("demo")
            .group("small", 2)
            .rayVersion("2.61.0")
            .with("upgradeStrategy: {type: Recreate}")
            .build();

    assertThat(deleted(world.pass(after))).containsExactlyInAnyOrderElementsOf(old);
  }

  /** Whoever takes over finds the rest by what is left: one that is older than the spec. */
  @Test
  void whatWasBegunIsEnded() {
    RayCluster after = cluster("Recreate", CHANGED);
    world.pass(after);
    world.settle();
    world.remove(world.workers("small").getFirst());

    assertThat(deleted(world.pass(after))).containsExactlyElementsOf(world.workers("small"));
  }

  @Test
  void onePodThatDoesNotEndHoldsNobodyUpForLong() {
    RayCluster after = cluster("Recreate", CHANGED);
    String stuck = world.workers("small").getFirst();
    world.change(stuck, pod -> Pods.terminating(pod, world.now.plusSeconds(30)));
    world.pass(after);
    world.pass(after);
    List<String> others = new ArrayList<>(world.names());
    others.remove(stuck);
    others.forEach(world::remove);

    Plan waiting = world.pass(after);
    assertThat(created(waiting)).isEmpty();
    assertThat(waiting.lookAgainIn()).isPresent();
    world.now = world.now.plusSeconds(32);

    assertThat(created(world.pass(after))).hasSize(3);
  }

  @Test
  void aChangeOfNumbersMakesNothingAnew() {
    assertThat(deleted(world.pass(cluster("Recreate", "minReplicas: 1\nreplicas: 3")))).isEmpty();
  }

  @Test
  void aSuspendedClusterIsSuspendedFirst() {
    RayCluster after =
        Clusters.named("demo")
            .group("small", 2, CHANGED)
            .with("suspend: true\nupgradeStrategy: {type: Recreate}")
            .build();

    assertThat(deleted(world.pass(after))).isEmpty();
    assertThat(deleted(world.pass(after))).containsExactlyInAnyOrderElementsOf(old);
  }

  @Test
  void withNoStrategyTheyStayAndAreToldOf() {
    RayCluster after = cluster("None", CHANGED);

    assertThat(world.pass(after)).isEqualTo(Plan.NOTHING);

    assertThat(pending(after))
        .get()
        .returns("UpgradeStrategyNone", Condition::getReason)
        .returns(
            "Older than the spec: 2 workers of group small; they stay as they are until they are"
                + " lost or deleted, as spec.upgradeStrategy.type is None",
            Condition::getMessage);
    assertThat(Conditions.isTrue(Conditions.of(after), ConditionTypes.READY)).isTrue();
  }

  /** KubeRay's pods carry no revision: they count as made by the spec that was found with them. */
  @Test
  void adoptedPodsStayUntilTheSpecChanges() {
    World adopted = withoutRevisions();
    RayCluster found = cluster("Recreate", CHANGED);
    assertThat(adopted.pass(found)).isEqualTo(Plan.NOTHING);
    assertThat(found.getStatus().adoptedRevisions()).containsOnlyKeys("headgroup", "small");
    assertThat(pending(found)).isEmpty();

    RayCluster after = cluster("Recreate", "{}");
    after.setStatus(found.getStatus());
    assertThat(deleted(adopted.pass(after))).containsExactly("demo-head");
    assertThat(deleted(adopted.pass(after))).hasSize(2);
    adopted.settle();
    adopted.pass(after);
    adopted.settle();

    assertThat(adopted.pass(after)).isEqualTo(Plan.NOTHING);
    assertThat(after.getStatus().adoptedRevisions()).as("none is left").isNull();
  }

  @Test
  void whatWasAdoptedIsRememberedWhileTheSpecCanNotBeCarriedOut() {
    World adopted = withoutRevisions();
    RayCluster found = cluster("Recreate", "{}");
    adopted.pass(found);
    var problem = List.of(new Problem("InvalidRayClusterSpec", "it is bad"));

    assertThat(
            ClusterStatus.stalled(found, adopted.observed(), problem, adopted.now)
                .adoptedRevisions())
        .isEqualTo(found.getStatus().adoptedRevisions());
  }

  private List<String> uids() {
    return world.observed().pods().stream().map(ObservedPod::uid).toList();
  }

  private World withoutRevisions() {
    World adopted = World.settled(before);
    old.forEach(name ->
        adopted.change(
            name,
            pod -> {
              pod.getMetadata().getAnnotations().remove(RayLabels.REVISION);
              return pod;
            }));
    return adopted;
  }

  private static Optional<Condition> pending(RayCluster cluster) {
    return Conditions.find(Conditions.of(cluster), ConditionTypes.UPDATE_PENDING);
  }

  private static RayCluster cluster(String strategy, String group) {
    return Clusters.named("demo")
        .group("small", 2, group)
        .with("upgradeStrategy: {type: %s}".formatted(strategy))
        .build();
  }
}
