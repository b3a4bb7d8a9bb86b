package dev.spray.operator.resources;

import dev.spray.api.raycluster.RayCluster;

/** Whom Ray's autoscaler acts as. */
public final class AutoscalerRights {
  private static final int MAX_NAME = 50;

  /**
   * The ServiceAccount of an autoscaled cluster's head pod: the template's, which its user keeps,
   * else one of the cluster's own, of whose name KubeRay keeps the last 50 characters.
   */
  public static String serviceAccountName(RayCluster cluster) {
    String named = cluster.getSpec().headGroupSpec().template().getSpec().getServiceAccountName();
    if (named != null && !named.isEmpty()) {
      return named;
    }
    String name = cluster.getMetadata().getName();
    return name.length() <= MAX_NAME
        ? name
        : name.substring(name.length() - MAX_NAME).replaceFirst("^[^A-Za-z]", "r");
  }

  private AutoscalerRights() {}
}
