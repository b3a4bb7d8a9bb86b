package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Beyond what KubeRay's samples show. */
class GcsStateTest {

  @Test
  void withoutItPodsSayOnlyThatItIsOff() {
    Pod head = RayPod.head(Clusters.named("demo").build(), Pods.SETTINGS);

    assertThat(head.getMetadata().getAnnotations())
        .containsEntry(RayLabels.FT_ENABLED, "false")
        .doesNotContainKey(RayLabels.STORAGE_NAMESPACE);
    assertThat(env(head)).doesNotContainKeys("RAY_external_storage_namespace", "RAY_REDIS_ADDRESS");
  }

  @Test
  void theNamespaceOfTheOptionsStandsAboveTheUid() {
    Pod head =
        head(
            "{redisAddress: \"redis:6379\", redisUsername: {value: ray}, redisPassword: {value: s},"
                + " externalStorageNamespace: graphs}");

    assertThat(head.getMetadata().getAnnotations())
        .containsEntry(RayLabels.STORAGE_NAMESPACE, "graphs");
    assertThat(env(head))
        .containsEntry("RAY_external_storage_namespace", "graphs")
        .containsEntry("REDIS_USERNAME", "ray")
        .containsEntry("REDIS_PASSWORD", "s");
    assertThat(ray(head).getArgs().getFirst())
        .contains("--redis-username=$REDIS_USERNAME", "--redis-password=$REDIS_PASSWORD");
  }

  @Test
  void theOlderAnnotations() {
    RayCluster cluster =
        Clusters.named("demo")
            .annotations(
                Map.of(RayLabels.FT_ENABLED, "true", RayLabels.STORAGE_NAMESPACE, "graphs"))
            .headParams(Map.of("redis-password", "secret"))
            .head(ray -> ray.addNewEnv().withName("RAY_REDIS_ADDRESS").withValue("r:1").endEnv())
            .group("small", 1)
            .build();

    Pod head = RayPod.head(cluster, Pods.SETTINGS);
    assertThat(head.getMetadata().getAnnotations())
        .containsEntry(RayLabels.FT_ENABLED, "true")
        .containsEntry(RayLabels.STORAGE_NAMESPACE, "graphs");
    assertThat(env(head))
        .containsEntry("RAY_REDIS_ADDRESS", "r:1")
        .containsEntry("RAY_external_storage_namespace", "graphs")
        .containsEntry("REDIS_PASSWORD", "secret");
    Pod worker =
        RayPod.worker(
            cluster,
            cluster.getSpec().workerGroupSpecs().getFirst(),
            new WorkerIdentity("demo-small-worker-abcde", 0, Optional.empty()),
            Pods.SETTINGS);
    assertThat(env(worker)).containsEntry("RAY_gcs_rpc_server_reconnect_timeout_s", "600");
  }

  /** What the user says himself stands. */
  @Test
  void theUsersOwnVariablesAreKept() {
    RayCluster cluster =
        Clusters.named("demo")
            .with("gcsFaultToleranceOptions: {redisAddress: \"redis:6379\"}")
            .head(ray ->
                ray.addNewEnv()
                    .withName("RAY_external_storage_namespace")
                    .withValue("mine")
                    .endEnv())
            .build();

    assertThat(env(RayPod.head(cluster, Pods.SETTINGS)))
        .containsEntry("RAY_external_storage_namespace", "mine");
  }

  @Test
  void aVolumeOfTheUsers() {
    Pod head = head("{backend: rocksdb, storage: {claimName: mine, subPath: gcs}}");

    assertThat(head.getMetadata().getAnnotations())
        .containsEntry(RayLabels.FT_ENABLED, "true")
        .doesNotContainKey(RayLabels.STORAGE_NAMESPACE);
    assertThat(head.getSpec().getVolumes())
        .filteredOn(volume -> volume.getName().equals("gcs-storage"))
        .singleElement()
        .satisfies(volume ->
            assertThat(volume.getPersistentVolumeClaim().getClaimName()).isEqualTo("mine"));
    assertThat(ray(head).getVolumeMounts())
        .anySatisfy(mount -> {
          assertThat(mount.getMountPath()).isEqualTo("/data/gcs");
          assertThat(mount.getSubPath()).isEqualTo("gcs");
        });
  }

  private static Pod head(String options) {
    return RayPod.head(
        Clusters.named("demo").with("gcsFaultToleranceOptions: " + options).build(), Pods.SETTINGS);
  }

  private static Container ray(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private static Map<String, String> env(Pod pod) {
    return ray(pod).getEnv().stream()
        .filter(variable -> variable.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }
}
