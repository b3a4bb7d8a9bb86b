package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.GcsFaultToleranceOptions;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayCluster;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Whether the GCS of a cluster keeps its state where it outlives the head, and where. */
public final class FaultTolerance {
  private static final Pattern LOOPBACK =
      Pattern.compile("(rediss?://)?([^@/]*@)?(127\\.[0-9.]+|localhost|\\[::1])(:\\d+)?(/.*)?");

  /** Whether it does. */
  public static boolean isOn(RayCluster cluster) {
    return options(cluster) != null || isAskedForByAnnotation(cluster);
  }

  /** Whether the state lies on a volume of the head's. */
  public static boolean isEmbedded(RayCluster cluster) {
    GcsFaultToleranceOptions options = options(cluster);
    return options != null && options.embedded();
  }

  /** Whether the state lies in Redis. */
  public static boolean usesRedis(RayCluster cluster) {
    return isOn(cluster) && !isEmbedded(cluster);
  }

  /**
   * Whether somebody has to remove it there when the cluster goes. A Redis in the head pod itself
   * goes with it, and no other pod can reach it.
   */
  public static boolean leavesStateBehind(RayCluster cluster) {
    return usesRedis(cluster) && !LOOPBACK.matcher(redisAddress(cluster)).matches();
  }

  /** As far as the spec itself says it; else empty. */
  private static String redisAddress(RayCluster cluster) {
    GcsFaultToleranceOptions options = options(cluster);
    HeadGroupSpec head = cluster.getSpec().headGroupSpec();
    if (options != null) {
      return Objects.requireNonNullElse(options.redisAddress(), "");
    }
    return head.template().getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> "RAY_REDIS_ADDRESS".equals(variable.getName()))
        .map(variable -> Objects.requireNonNullElse(variable.getValue(), ""))
        .reduce("", (before, last) -> last);
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
