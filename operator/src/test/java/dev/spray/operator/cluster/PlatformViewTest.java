package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.PlatformStatus;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.observe.PodReading;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people are told of the images of a cluster. */
class PlatformViewTest {
  private final RayCluster cluster =
      Serialization.unmarshal(
          """
          apiVersion: ray.io/v1
          kind: RayCluster
          metadata: {name: c, namespace: ns}
          spec:
            platform: {}
            headGroupSpec: {template: {spec: {containers: [{name: ray, image: "ray:1"}]}}}
            workerGroupSpecs:
            - {groupName: w, template: {spec: {containers: [{name: ray, image: "ray:1"}]}}}
          """,
          RayCluster.class);

  @Test
  void pullTimesAreOfTheHeadAndTheFirstWorker() {
    PlatformStatus told =
        told(
            pod("head", "ray:1", 0, 30, 0), pod("w", "ray:1", 5, 9, 0), pod("w", "ray:1", 2, 8, 0));

    assertThat(told.head().image()).isEqualTo("ray:1");
    assertThat(told.head().imagePullSeconds()).isEqualTo(30);
    assertThat(told.groups().getFirst().imagePullSeconds()).isEqualTo(6);
  }

  @Test
  void aRestartAndAnotherWorkerChangeNone() {
    remember(told(pod("head", "ray:1", 0, 30, 0), pod("w", "ray:1", 2, 8, 0)));

    PlatformStatus later = told(pod("head", "ray:1", 0, 900, 1), pod("w", "ray:1", 100, 101, 0));
    assertThat(later.head().imagePullSeconds()).isEqualTo(30);
    assertThat(later.groups().getFirst().imagePullSeconds()).isEqualTo(6);
    assertThat(told().head().imagePullSeconds()).as("without pods").isEqualTo(30);
  }

  @Test
  void anotherImageHasAnotherOne() {
    remember(told(pod("head", "ray:0", 0, 30, 0)));
    assertThat(cluster.getStatus().platform().head().imagePullSeconds()).isNull();

    assertThat(told(pod("head", "ray:1", 0, 4, 0)).head().imagePullSeconds()).isEqualTo(4);
  }

  private PlatformStatus told(ObservedPod... pods) {
    return PlatformView.of(
        cluster,
        new ObservedCluster(List.of(), Stream.of(pods).toList(), Optional.empty()),
        Expiry.NONE);
  }

  private void remember(PlatformStatus told) {
    cluster.setStatus(
        Serialization.unmarshal(
            "{\"platform\": " + Serialization.asJson(told) + "}", RayClusterStatus.class));
  }

  private static ObservedPod pod(String what, String image, int taken, int started, int restarts) {
    boolean head = what.equals("head");
    return PodReading.of(
        Serialization.unmarshal(
            """
            metadata:
              name: %s
              namespace: ns
              creationTimestamp: "%s"
              labels: {ray.io/node-type: %s, ray.io/group: %s}
            spec: {containers: [{name: ray, image: "%s"}]}
            status:
              startTime: "%s"
              containerStatuses:
              - {name: ray, restartCount: %d, state: {running: {startedAt: "%s"}}}
            """
                .formatted(
                    what + taken,
                    at(taken),
                    head ? "head" : "worker",
                    head ? "headgroup" : what,
                    image,
                    at(taken),
                    restarts,
                    at(started)),
            Pod.class));
  }

  private static Instant at(int seconds) {
    return World.START.plusSeconds(seconds);
  }
}
