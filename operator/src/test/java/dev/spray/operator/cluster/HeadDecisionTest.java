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

  private static void addHead(World world, String name) {
    Pod head = RayPod.head(CLUSTER, Pods.SETTINGS);
    head.getMetadata().setName(name);
    world.now = world.now.plus(Duration.ofMinutes(1));
    world.add(head);
    world.change(name, Pods::ready);
  }
}
