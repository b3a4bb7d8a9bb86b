package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.GcsFaultToleranceOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RedisCredential;
import dev.spray.operator.resources.FaultTolerance;
import dev.spray.operator.resources.GcsVolume;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What tells a head where its GCS keeps the cluster's state, and workers to wait for the next. */
final class GcsState {
  private static final String VOLUME = "gcs-storage";
  private static final String PATH = "/data/gcs";

  /** A worker waits that long for a head that is made anew; Ray's own minute is too short. */
  private static final String SECONDS_WITHOUT_HEAD = "600";

  /** Parameters of the head's, with those by which Ray finds its credentials for Redis. */
  static Map<String, String> headParams(RayCluster cluster) {
    Map<String, String> params =
        new LinkedHashMap<>(cluster.getSpec().headGroupSpec().rayStartParams());
    GcsFaultToleranceOptions options = cluster.getSpec().gcsFaultToleranceOptions();
    if (options != null && options.redisUsername() != null) {
      params.put("redis-username", "$REDIS_USERNAME");
    }
    if (options != null && options.redisPassword() != null) {
      params.put("redis-password", "$REDIS_PASSWORD");
    }
    return params;
  }

  static Map<String, String> headAnnotations(RayCluster cluster) {
    boolean on = FaultTolerance.isOn(cluster);
    return FaultTolerance.usesRedis(cluster)
        ? Map.of(
            RayLabels.FT_ENABLED,
            on + "",
            RayLabels.STORAGE_NAMESPACE,
            FaultTolerance.storageNamespace(cluster))
        : Map.of(RayLabels.FT_ENABLED, on + "");
  }

  /** Adds the variables of a node's Ray container. */
  static void addTo(List<EnvVar> env, RayNode node) {
    RayCluster cluster = node.cluster();
    if (!FaultTolerance.isOn(cluster)) {
      return;
    }
    if (!node.head()) {
      String timeout = "RAY_gcs_rpc_server_reconnect_timeout_s";
      RayEnvironment.addIfAbsent(env, RayEnvironment.value(timeout, SECONDS_WITHOUT_HEAD));
    } else if (FaultTolerance.isEmbedded(cluster)) {
      env.add(RayEnvironment.value("RAY_gcs_storage", "rocksdb"));
      env.add(RayEnvironment.value("RAY_gcs_storage_path", PATH));
    } else {
      addRedis(env, cluster);
    }
  }

  /** Where Redis is, and under what name this cluster's state is kept there. */
  static void addRedis(List<EnvVar> env, RayCluster cluster) {
    RayEnvironment.addIfAbsent(
        env,
        RayEnvironment.value(
            "RAY_external_storage_namespace", FaultTolerance.storageNamespace(cluster)));
    GcsFaultToleranceOptions options = cluster.getSpec().gcsFaultToleranceOptions();
    if (options == null) {
      String password =
          cluster.getSpec().headGroupSpec().rayStartParams().getOrDefault("redis-password", "");
      RayEnvironment.addIfAbsent(env, RayEnvironment.value("REDIS_PASSWORD", password));
      return;
    }
    env.add(
        RayEnvironment.value(
            "RAY_REDIS_ADDRESS", Objects.requireNonNullElse(options.redisAddress(), "")));
    addCredential(env, "REDIS_USERNAME", options.redisUsername());
    addCredential(env, "REDIS_PASSWORD", options.redisPassword());
  }

  private static void addCredential(List<EnvVar> env, String name, RedisCredential credential) {
    if (credential != null) {
      env.add(new EnvVar(name, credential.value(), credential.valueFrom()));
    }
  }

  /** Gives a head the volume that its GCS writes to, if it does. */
  static Container mountIn(Container ray, RayCluster cluster, PodSpecBuilder pod) {
    if (!FaultTolerance.isEmbedded(cluster)) {
      return ray;
    }
    pod.addNewVolume()
        .withName(VOLUME)
        .withNewPersistentVolumeClaim(GcsVolume.claimName(cluster), null)
        .endVolume();
    return new ContainerBuilder(ray)
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(PATH)
        .withSubPath(GcsVolume.subPath(cluster).orElse(null))
        .endVolumeMount()
        .build();
  }

  private GcsState() {}
}
