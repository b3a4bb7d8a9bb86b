package dev.spray.operator.observe;

import dev.spray.api.raycluster.RayCluster;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the cache keeps of a RayCluster. */
final class PrunedCluster {
  /** Where {@code kubectl apply} keeps a second copy of the whole manifest. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** All but the second copy. */
  static RayCluster of(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    if (annotations != null && annotations.containsKey(LAST_APPLIED)) {
      Map<String, String> others = new LinkedHashMap<>(annotations);
      others.remove(LAST_APPLIED);
      cluster.getMetadata().setAnnotations(others);
    }
    return cluster;
  }

  private PrunedCluster() {}
}
