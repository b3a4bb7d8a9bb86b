package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.created;
import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.pods.RayPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadDecisionTest {
  private static final RayCluster CLUSTER = Clusters.named("demo").group("small", 1).build();

  @Test
  void ofTwoHeadsTheYoungerGoes() {
    World world = World.settled(CLUSTER);
    addHead(world, "demo-head-x2k4z");

    Plan plan = world.decide(CLUSTER);

    assertThat(deleted(plan)).containsExactly("demo-head-x2k4z");
    assertThat(plan.actions())
        .extracting(Action::reason)
        .allMatch(reason -> reason.why().equals("the cluster has an older head pod, demo-head"));
  }

  @Test
  void ofTwoHeadsTheOneThatFailedGoesHoweverOldItIs() {
    World world = World.settled(CLUSTER);
    world.change("demo-head", Pods::failed);
    addHead(world, "demo-head-x2k4z");

    assertThat(deleted(world.decide(CLUSTER))).containsExactly("demo-head");
  }

  /** KubeRay's heads have other names. */
  @Test
  void aHeadOfAnotherNameIsAHead() {
    World world = World.settled(CLUSTER);
    world.remove("demo-head");
    addHead(world, "demo-head-x2k4z");

    assertThat(world.decide(CLUSTER)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aClusterMayForbidAnotherHeadOnceItHasHadOne() {
    RayCluster cluster =
        Clusters.named("demo")
            .group("small", 1)
            .annotations(Map.of(RayLabels.NO_HEAD_RESTART, "true"))
            .build();
    World world = new World();

    assertThat(created(world.pass(cluster))).as("the first").hasSize(2);
    world.remove("demo-head");
    assertThat(created(world.pass(cluster)))
        .as("one that was lost before all pods were ready")
        .containsExactly("demo-head");
    world.settle();
    world.pass(cluster);
    world.remove("demo-head");

    assertThat(world.pass(cluster)).isEqualTo(Plan.NOTHING);
    assertThat(Readiness.of(cluster, world.observed()).message())
        .contains("ray.io/disable-provisioned-head-restart");
  }

  @Test
  void aHeadThatEndsIsWaitedForAndLookedAtAgainWhenItShouldBeGone() {
    World world = World.settled(CLUSTER);
    world.change("demo-head", pod -> Pods.terminating(pod, world.now.plusSeconds(20)));

    Plan plan = world.decide(CLUSTER);

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.lookAgainIn()).contains(Duration.ofSeconds(21));
  }

  /** Its kubelet may be slow, or cut off: the old head may still run. */
  @Test
  void anOverdueHeadOnANodeThatExistsIsWaitedFor() {
    World world = World.settled(CLUSTER);
    world.change("demo-head", Pods::terminating);

    Plan plan = world.decide(CLUSTER);

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.lookAgainIn()).isPresent();
  }

  @Test
  void anOverdueHeadWhoseNodeIsGoneIsRemovedAndReplaced() {
    World world = World.settled(CLUSTER);
    world.change("demo-head", Pods::terminating);
    world.goneNodes.add("node-1");
    String uid = world.observed().heads().getFirst().uid();

    Plan plan = world.decide(CLUSTER);

    assertThat(plan.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.DeletePod.class,
            delete -> {
              assertThat(delete.grace()).contains(Duration.ZERO);
              assertThat(delete.uid()).isEqualTo(uid);
              assertThat(delete.reason().why()).isEqualTo("its node node-1 is gone");
              assertThat(delete.reason().done()).isEqualTo("DeletedHeadPod");
            });
    world.carryOut(plan);
    assertThat(created(world.decide(CLUSTER))).containsExactly("demo-head");
  }

  @Test
  void aSuspensionDoesNotWaitForAHeadWhoseNodeIsGone() {
    World world = World.settled(CLUSTER);
    RayCluster cluster = Clusters.named("demo").group("small", 1).with("suspend: true").build();
    world.pass(cluster);
    world.pass(cluster);
    world.change("demo-head", Pods::terminating);
    world.goneNodes.add("node-1");

    world.pass(cluster);
    world.settle();
    world.pass(cluster);

    assertThat(cluster.getStatus().state()).isEqualTo("suspended");
  }

  @Test
  void nothingElseThanAHeadIsForcedToEnd() {
    World world = World.settled(CLUSTER);
    world.goneNodes.add("node-1");
    world.change(world.workers("small").getFirst(), Pods::terminating);

    Plan plan = world.decide(CLUSTER);

    assertThat(deleted(plan)).isEmpty();
    assertThat(created(plan)).as("its place is taken at once").hasSize(1);
  }

  private static void addHead(World world, String name) {
    Pod head = RayPod.head(CLUSTER, Pods.SETTINGS);
    head.getMetadata().setName(name);
    world.now = world.now.plus(Duration.ofMinutes(1));
    world.add(head);
    world.change(name, Pods::ready);
  }
}
