package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which workers go when nobody has named them. */
class ScaleDownTest {
  private final World world = World.settled(small(5));
  private final List<String> workers = world.workers("small");

  @BeforeEach
  void addresses() {
    for (int i = 0; i < workers.size(); i++) {
      String address = "10.0.1." + i;
      world.change(workers.get(i), pod -> at(address, pod));
    }
  }

  @Test
  void withoutANodeThenNotRunningThenNotReady() {
    world.change(workers.get(0), Pods::runningButNotReady);
    world.change(workers.get(1), pod -> pulling(onNode(pod)));
    world.change(workers.get(2), pod -> Pods.unschedulable(withoutNode(pod), "no node"));

    assertThat(deleted(world.decide(small(4)))).containsExactly(workers.get(2));
    assertThat(deleted(world.decide(small(3)))).containsExactly(workers.get(2), workers.get(1));
    assertThat(deleted(world.decide(small(2))))
        .containsExactly(workers.get(2), workers.get(1), workers.get(0));
  }

  @Test
  void thenThoseThatHaveNothingToDo() {
    world.idle = Optional.of(Set.of("10.0.1.1", "10.0.1.3", "10.9.9.9"));

    assertThat(deleted(world.decide(small(3)))).containsExactly(workers.get(3), workers.get(1));
    assertThat(deleted(world.decide(small(2))))
        .containsExactly(workers.get(3), workers.get(1), workers.get(4));
  }

  @Test
  void thenTheYoungest() {
    String young = workers.get(1);
    String created = world.now.minus(Duration.ofSeconds(20)).toString();
    world.change(
        young,
        pod -> pod.edit().editMetadata().withCreationTimestamp(created).endMetadata().build());

    assertThat(deleted(world.decide(small(4)))).containsExactly(young);
  }

  @Test
  void aReplicaIsIdleWhenAllItsHostsAre() {
    RayCluster two = Clusters.named("demo").group("tpu", 2, "numOfHosts: 2").build();
    World tpus = World.settled(two);
    List<String> hosts = tpus.workers("tpu");
    for (int i = 0; i < hosts.size(); i++) {
      String address = "10.0.1." + i;
      tpus.change(hosts.get(i), pod -> at(address, pod));
    }
    tpus.idle = Optional.of(Set.of("10.0.1.0", "10.0.1.1", "10.0.1.3"));

    assertThat(
            deleted(tpus.decide(Clusters.named("demo").group("tpu", 1, "numOfHosts: 2").build())))
        .containsExactlyInAnyOrder(hosts.get(0), hosts.get(1));
  }

  @Test
  void beforeAnyOfThoseThatAreReadyGoesRayIsAsked() {
    world.idle = Optional.empty();
    world.change(workers.get(0), Pods::runningButNotReady);

    Plan plan = world.decide(small(3));

    assertThat(plan.asksWhoIsIdle()).isTrue();
    assertThat(deleted(plan)).as("that is sure").containsExactly(workers.get(0));
    world.idle = Optional.of(Set.of());
    assertThat(world.decide(small(3)).asksWhoIsIdle()).isFalse();
    assertThat(deleted(world.decide(small(3)))).hasSize(2);
  }

  @Test
  void rayIsNotAskedWhereItsAnswerMakesNoDifference() {
    world.idle = Optional.empty();

    assertThat(world.decide(small(5)).asksWhoIsIdle()).as("nobody goes").isFalse();
    assertThat(world.decide(small(0)).asksWhoIsIdle()).as("all go").isFalse();
    world.change(workers.get(4), Pods::failed);
    assertThat(world.decide(small(4)).asksWhoIsIdle()).as("who goes is known").isFalse();
    world.change(workers.get(3), Pods::runningButNotReady);
    assertThat(world.decide(small(3)).asksWhoIsIdle()).as("who goes is known").isFalse();
  }

  @Test
  void aHeadThatCannotAnswerIsNotAsked() {
    world.idle = Optional.empty();
    world.change("demo-head", Pods::runningButNotReady);

    Plan plan = world.decide(small(3));

    assertThat(plan.asksWhoIsIdle()).isFalse();
    assertThat(deleted(plan)).hasSize(2);
  }

  private static RayCluster small(int workers) {
    return Clusters.named("demo").group("small", workers).build();
  }

  private static Pod at(String address, Pod pod) {
    return pod.edit().editStatus().withPodIP(address).endStatus().build();
  }

  private static Pod pulling(Pod pod) {
    return Pods.withStatus(pod, new PodStatusBuilder().withPhase("Pending"));
  }

  private static Pod onNode(Pod pod) {
    return pod.edit().editSpec().withNodeName("node-1").endSpec().build();
  }

  private static Pod withoutNode(Pod pod) {
    return pod.edit().editSpec().withNodeName(null).endSpec().build();
  }
}
