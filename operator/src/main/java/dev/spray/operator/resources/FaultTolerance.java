package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.GcsFaultToleranceOptions;
import dev.spray.api.raycluster.RayCluster;
import java.util.Map;

/** Whether the GCS of a cluster keeps its state where it outlives the head, and where. */
public final class FaultTolerance {

  /** Whether it does. */
  public static boolean isOn(RayCluster cluster) {
    return options(cluster) != null || isAskedForByAnnotation(cluster);
  }

  /** Whether the state lies on a volume of the head's. */
  public static boolean isEmbedded(RayCluster cluster) {
    GcsFaultToleranceOptions options = options(cluster);
    return options != null && options.embedded();
  }

  /** Whether the state lies in Redis, where somebody has to remove it when the cluster goes. */
  public static boolean usesRedis(RayCluster cluster) {
    return isOn(cluster) && !isEmbedded(cluster);
  }

  /** Under what name the state is kept in Redis; the UID unless the user chooses one. */
  public static String storageNamespace(RayCluster cluster) {
    GcsFaultToleranceOptions options = options(cluster);
    String chosen = options == null ? null : options.externalStorageNamespace();
    return chosen == null || chosen.isEmpty()
        ? annotations(cluster)
            .getOrDefault(RayLabels.STORAGE_NAMESPACE, cluster.getMetadata().getUid())
        : chosen;
  }

  private static boolean isAskedForByAnnotation(RayCluster cluster) {
    return "true".equalsIgnoreCase(annotations(cluster).get(RayLabels.FT_ENABLED));
  }

  private static GcsFaultToleranceOptions options(RayCluster cluster) {
    return cluster.getSpec() == null ? null : cluster.getSpec().gcsFaultToleranceOptions();
  }

  private static Map<String, String> annotations(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private FaultTolerance() {}
}
