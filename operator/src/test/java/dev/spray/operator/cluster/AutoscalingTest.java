package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.created;
import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.scheduling.BatchScheduler;
import org.junit.jupiter.api.Test;

/** Where Ray's autoscaler is, it alone says which workers are too many. */
class AutoscalingTest {
  private static final RayCluster THREE = autoscaled("small", 3);

  @Test
  void aGroupGrowsWithItsReplicas() {
    assertThat(created(World.settled(THREE).decide(autoscaled("small", 5)))).hasSize(2);
  }

  @Test
  void aGroupThatIsTooLargeIsLeftAlone() {
    World world = World.settled(THREE);
    RayCluster one = autoscaled("small", 1);

    assertThat(world.decide(one)).isEqualTo(Plan.NOTHING);
    assertThat(Readiness.of(one, world.observed()))
        .isEqualTo(new Readiness(true, "AllPodsReady", "The head and 3 workers are ready"));
    world.pass(one);
    assertThat(one.getStatus().state()).as("KubeRay's wants as many as wanted").isNull();
  }

  @Test
  void workersThatItNamesGo() {
    World world = World.settled(THREE);
    String named = world.workers("small").get(0);

    assertThat(deleted(world.decide(naming(2, named)))).containsExactly(named);
    assertThat(created(world.decide(naming(2, named)))).isEmpty();
  }

  /** Its names may come before its number, or the other way round. */
  @Test
  void namesAndNumberMayComeOneAfterTheOther() {
    World world = World.settled(THREE);
    String named = world.workers("small").get(0);
    world.carryOut(world.decide(autoscaled("small", 2)));
    world.carryOut(world.decide(naming(2, named)));
    world.settle();

    assertThat(world.workers("small")).hasSize(2).doesNotContain(named);
    assertThat(world.decide(autoscaled("small", 2))).as("cleared").isEqualTo(Plan.NOTHING);
  }

  @Test
  void itsWorkersWhoseReplicaIsNamedGoTogether() {
    World world = World.settled(autoscaled("tpu", 2, "{\"numOfHosts\": 2}"));
    String named = world.workers("tpu").get(1);

    RayCluster one =
        autoscaled(
            "tpu",
            1,
            "{\"numOfHosts\": 2, \"scaleStrategy\": {\"workersToDelete\": [\"" + named + "\"]}}");

    assertThat(deleted(world.decide(one)))
        .containsExactlyInAnyOrderElementsOf(world.workers("tpu").subList(0, 2));
  }

  @Test
  void whatFailsIsReplaced() {
    World world = World.settled(THREE);
    world.change(world.workers("small").get(1), Pods::failed);

    assertThat(deleted(world.decide(THREE))).hasSize(1);
    assertThat(created(world.decide(THREE))).hasSize(1);
  }

  /** A suspended group, or one that the spec has no more, is no question of how many. */
  @Test
  void groupsThatAreGivenUpGo() {
    World world = World.settled(THREE);

    assertThat(deleted(world.decide(autoscaled("other", 0)))).hasSize(3);
    assertThat(deleted(world.decide(autoscaled("small", 3, "{\"suspend\": true}")))).hasSize(3);
  }

  @Test
  void anOptionHasTheOperatorSelectAllTheSame() {
    World world = World.settled(THREE);
    ClusterSettings settings =
        new ClusterSettings(Pods.SETTINGS, ChildSettings.DEFAULT, true, BatchScheduler.NONE);

    Plan plan = World.decide(autoscaled("small", 1), world.observed(), world.now, settings);

    assertThat(deleted(plan)).hasSize(2);
  }

  private static RayCluster autoscaled(String group, int replicas) {
    return autoscaled(group, replicas, "{}");
  }

  private static RayCluster naming(int replicas, String worker) {
    return autoscaled(
        "small", replicas, "{\"scaleStrategy\": {\"workersToDelete\": [\"" + worker + "\"]}}");
  }

  private static RayCluster autoscaled(String group, int replicas, String more) {
    return Clusters.named("demo")
        .group(group, replicas, more)
        .with("enableInTreeAutoscaling: true")
        .build();
  }
}
