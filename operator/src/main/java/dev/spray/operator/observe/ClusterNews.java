package dev.spray.operator.observe;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which changes of a RayCluster want a pass: of its spec, its labels and its annotations, some of
 * which ask for something. The operator's own changes of its status don't.
 */
public final class ClusterNews {

  /**
   * Tells whether a version brings any.
   *
   * @param before another version, or, when the watch has a gap, another cluster of that name
   */
  public static boolean isIn(RayCluster now, RayCluster before) {
    ObjectMeta after = now.getMetadata();
    ObjectMeta old = before.getMetadata();
    return !Objects.equals(after.getUid(), old.getUid())
        || !Objects.equals(after.getGeneration(), old.getGeneration())
        || !Objects.equals(after.getDeletionTimestamp(), old.getDeletionTimestamp())
        || !orEmpty(after.getLabels()).equals(orEmpty(old.getLabels()))
        || !annotations(after).equals(annotations(old));
  }

  /** The cache keeps no copy of the manifest, and a new version brings it. */
  private static Map<String, String> annotations(ObjectMeta metadata) {
    Map<String, String> annotations = new LinkedHashMap<>(orEmpty(metadata.getAnnotations()));
    annotations.remove(ClusterStore.LAST_APPLIED);
    return annotations;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private ClusterNews() {}
}
