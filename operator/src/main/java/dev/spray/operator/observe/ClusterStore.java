package dev.spray.operator.observe;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps RayClusters small: without the copy of the manifest in an annotation, and with one spec for
 * all versions of a generation. Most versions come from the operator's own status writes, and their
 * specs would be most of what the old generation collects.
 */
final class ClusterStore extends TransformingItemStore<RayCluster> {
  /** Where {@code kubectl apply} keeps a second copy of the whole manifest. */
  static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  ClusterStore() {
    super(ClusterStore::withoutCopy);
  }

  @Override
  public RayCluster put(String key, RayCluster cluster) {
    RayCluster known = get(key);
    if (known != null && isSameGeneration(known.getMetadata(), cluster.getMetadata())) {
      cluster.setSpec(known.getSpec());
    }
    return super.put(key, cluster);
  }

  /** As for {@link PodStore}. */
  @Override
  public boolean isFullState() {
    return true;
  }

  private static boolean isSameGeneration(ObjectMeta one, ObjectMeta other) {
    return one.getUid().equals(other.getUid()) && one.getGeneration().equals(other.getGeneration());
  }

  private static RayCluster withoutCopy(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    if (annotations != null && annotations.containsKey(LAST_APPLIED)) {
      Map<String, String> others = new LinkedHashMap<>(annotations);
      others.remove(LAST_APPLIED);
      cluster.getMetadata().setAnnotations(others);
    }
    return cluster;
  }
}
