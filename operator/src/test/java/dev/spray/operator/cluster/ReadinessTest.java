package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadinessTest {
  private static final RayCluster CLUSTER =
      Clusters.named("demo").group("small", 2).group("large", 1).build();

  static Stream<Arguments> worlds() {
    return Stream.of(
        is("settled", world -> {}, "AllPodsReady", "The head and 3 workers are ready"),
        is("no head", world -> world.remove("demo-head"), "HeadPodMissing", "head pod"),
        is(
            "an ending head",
            world -> world.change("demo-head", Pods::terminating),
            "HeadPodMissing",
            "head pod"),
        is(
            "a failed head",
            world -> world.change("demo-head", Pods::failed),
            "HeadPodMissing",
            "head pod"),
        is(
            "a head without a node",
            world -> world.change("demo-head", pod -> Pods.unschedulable(pod, "no node fits")),
            "HeadPodNotReady",
            "Waiting for the head pod (demo-head: Unschedulable, no node fits)"),
        is(
            "a head that starts",
            world -> world.change("demo-head", Pods::runningButNotReady),
            "HeadPodNotReady",
            "Waiting for the head pod (demo-head: ContainersNotReady, unready: [ray])"),
        is(
            "a worker less",
            world -> world.remove(world.workers("small").getFirst()),
            "WorkersNotReady",
            "1 of 2 workers of group small are ready"),
        is(
            "an ending worker",
            world -> world.change(world.workers("large").getFirst(), Pods::terminating),
            "WorkersNotReady",
            "0 of 1 workers of group large are ready"),
        is(
            "a failed worker",
            world -> world.change(world.workers("small").getFirst(), Pods::failed),
            "WorkersNotReady",
            "1 of 2 workers of group small are ready (demo-small-worker-"),
        is(
            "two groups that wait",
            world -> {
              world.workers("small").forEach(name -> world.change(name, ReadinessTest::full));
              world.change(world.workers("large").getFirst(), Pods::failed);
            },
            "WorkersNotReady",
            " and 1 others: Unschedulable, no GPU); 0 of 1 workers of group large are ready (demo-"),
        is(
            "a worker without a node",
            world ->
                world.change(
                    world.workers("large").getFirst(), pod -> Pods.unschedulable(pod, "0/3 nodes")),
            "WorkersNotReady",
            "0 of 1 workers of group large are ready (demo-large-worker-"),
        is(
            "a worker too many on its way out",
            world -> {
              String name = world.worker(CLUSTER, "small", 7, "extra");
              world.change(name, Pods::terminating);
            },
            "RemovingWorkers",
            "1 workers are on their way out"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("worlds")
  void theFirstThingThatIsMissingIsTold(
      String what, Consumer<World> change, String reason, String message) {
    World world = World.settled(CLUSTER);
    change.accept(world);

    Readiness readiness = Readiness.of(CLUSTER, world.observed());

    assertThat(readiness.reason()).isEqualTo(reason);
    assertThat(readiness.message()).contains(message);
    assertThat(readiness.ready()).isEqualTo(reason.equals("AllPodsReady"));
  }

  private static Pod full(Pod pod) {
    return Pods.unschedulable(pod, "no GPU");
  }

  private static Arguments is(String what, Consumer<World> change, String reason, String message) {
    return Arguments.of(what, change, reason, message);
  }
}
