package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.pods.PodRevisions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Revisions of the specs that were looked at last: most passes are over one that hasn't changed,
 * and to hash its templates costs more than the rest of the decision.
 */
final class KnownRevisions {
  private static final int CLUSTERS = 10_000;

  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > CLUSTERS;
        }
      };

  private record Known(long generation, PodRevisions revisions) {}

  /** Those of a cluster's spec, which a generation has but one of. */
  PodRevisions of(RayCluster cluster) {
    String uid = cluster.getMetadata().getUid();
    long generation = cluster.getMetadata().getGeneration();
    synchronized (known) {
      Known found = known.get(uid);
      if (found != null && found.generation() == generation) {
        return found.revisions();
      }
    }
    PodRevisions revisions = PodRevisions.of(cluster.getSpec());
    synchronized (known) {
      known.put(uid, new Known(generation, revisions));
    }
    return revisions;
  }
}
