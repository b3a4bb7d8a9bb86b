package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything in the pods that speaks to the cluster has what it must show. */
class AuthenticationTest {
  private static final String HISTORY =
      "historyServerOptions: {collectorOptions: {image: collector, env: [{name: STORAGE_BACKEND,"
          + " value: x}]}}";

  @Test
  void allThatSpeakToTheClusterHaveTheTokenOfTheSecret() {
    for (Container container : speakers(cluster("authOptions: {mode: token, secretName: mine}"))) {
      assertThat(container.getEnv())
          .as(container.getName())
          .contains(new EnvVar("RAY_AUTH_MODE", "token", null))
          .anySatisfy(variable -> {
            assertThat(variable.getName()).isEqualTo("RAY_AUTH_TOKEN");
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("mine");
            assertThat(variable.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("auth_token");
          });
      assertThat(mounted(container)).as(container.getName()).doesNotContain("ray-token");
    }
  }

  @Test
  void orTheOneOfTheirServiceAccount() {
    RayCluster cluster = cluster("authOptions: {mode: token, enableK8sTokenAuth: true}");
    for (Container container : speakers(cluster)) {
      assertThat(container.getEnv())
          .as(container.getName())
          .contains(
              new EnvVar("RAY_AUTH_MODE", "token", null),
              new EnvVar("RAY_ENABLE_K8S_TOKEN_AUTH", "true", null))
          .noneMatch(variable -> variable.getName().equals("RAY_AUTH_TOKEN"));
      assertThat(mounted(container)).as(container.getName()).contains("ray-token");
    }
    for (Pod pod : pods(cluster)) {
      assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).contains("ray-token");
    }
  }

  @Test
  void orNothing() {
    for (String options : List.of("{}", "authOptions: {mode: disabled}")) {
      for (Container container : speakers(cluster(options))) {
        assertThat(container.getEnv())
            .as(container.getName())
            .noneMatch(variable -> variable.getName().startsWith("RAY_AUTH"));
        assertThat(mounted(container)).as(container.getName()).doesNotContain("ray-token");
      }
    }
  }

  @Test
  void whatTheUserSaysStays() {
    RayCluster cluster =
        Clusters.named("demo")
            .head(ray -> ray.addToEnv(new EnvVar("RAY_AUTH_TOKEN", "own", null)))
            .with("autoscalerOptions: {env: [{name: RAY_AUTH_TOKEN, value: own}]}")
            .with("enableInTreeAutoscaling: true")
            .with("authOptions: {mode: token}")
            .build();

    for (Container container : RayPod.head(cluster, Pods.SETTINGS).getSpec().getContainers()) {
      // Kubernetes takes the last one of a name.
      assertThat(container.getEnv())
          .filteredOn(variable -> variable.getName().equals("RAY_AUTH_TOKEN"))
          .last()
          .extracting(EnvVar::getValue)
          .isEqualTo("own");
    }
  }

  @Test
  void aVolumeOfTheUsersIsNotMountedTwice() {
    RayCluster cluster =
        Clusters.named("demo")
            .head(ray ->
                ray.addNewVolumeMount()
                    .withName("ray-token")
                    .withMountPath("/own")
                    .endVolumeMount())
            .with("headGroupSpec: {template: {spec: {volumes: [{name: ray-token}]}}}")
            .with("authOptions: {mode: token, enableK8sTokenAuth: true}")
            .build();

    var spec = RayPod.head(cluster, Pods.SETTINGS).getSpec();

    assertThat(spec.getVolumes()).extracting(Volume::getName).containsOnlyOnce("ray-token");
    assertThat(spec.getContainers().getFirst().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("ray-token"))
        .extracting(VolumeMount::getMountPath)
        .containsExactly("/own");
  }

  private static List<String> mounted(Container container) {
    return container.getVolumeMounts().stream().map(VolumeMount::getName).toList();
  }

  private static RayCluster cluster(String options) {
    return Clusters.named("demo")
        .group("small", 1)
        .with("enableInTreeAutoscaling: true")
        .with(HISTORY)
        .with(options)
        .build();
  }

  private static List<Pod> pods(RayCluster cluster) {
    return List.of(
        RayPod.head(cluster, Pods.SETTINGS),
        RayPod.worker(
            cluster,
            cluster.getSpec().workerGroupSpecs().getFirst(),
            Pods.worker("w", 0),
            Pods.SETTINGS));
  }

  /** Ray, its autoscaler, the collectors, and the container that waits for the GCS. */
  private static List<Container> speakers(RayCluster cluster) {
    List<Container> speakers =
        pods(cluster).stream()
            .flatMap(
                pod -> Stream.of(pod.getSpec().getContainers(), pod.getSpec().getInitContainers()))
            .flatMap(List::stream)
            .toList();
    assertThat(speakers)
        .extracting(Container::getName)
        .containsExactly(
            "ray-head",
            "autoscaler",
            "ray-history-collector",
            "ray-worker",
            "ray-history-collector",
            "wait-gcs-ready");
    return speakers;
  }
}
