package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.pods.PodRevisions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells which pods are older than the spec; pure.
 *
 * @param wanted of the present spec
 * @param adopted by group: to which revision pods count that carry none. Those were made by KubeRay
 *     and are not patched
 */
record Revisions(PodRevisions wanted, Map<String, String> adopted) {

  static Revisions of(RayCluster cluster) {
    return of(cluster, PodRevisions.of(cluster.getSpec()));
  }

  /**
   * Those of a cluster.
   *
   * @param wanted what is the same as long as its generation is
   */
  static Revisions of(RayCluster cluster, PodRevisions wanted) {
    Map<String, String> adopted =
        cluster.getStatus() == null ? null : cluster.getStatus().adoptedRevisions();
    return new Revisions(wanted, adopted == null ? Map.of() : adopted);
  }

  /** The pod with its revision. */
  Pod mark(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    boolean head = RayLabels.HEAD.equals(labels.get(RayLabels.NODE_TYPE));
    return new PodBuilder(pod)
        .editMetadata()
        .addToAnnotations(
            RayLabels.REVISION, wanted(head, labels.get(RayLabels.GROUP)).orElseThrow())
        .endMetadata()
        .build();
  }

  /** Whether the spec says something else of a pod than when it was made. */
  boolean isOutdated(ObservedPod pod) {
    Optional<String> own = pod.revision().or(() -> Optional.ofNullable(adopted.get(key(pod))));
    Optional<String> present = wanted(pod.head(), pod.group());
    return own.isPresent() && present.isPresent() && PodRevisions.differ(own.get(), present.get());
  }

  /** What is to be remembered of pods that carry no revision; null: nothing. */
  Map<String, String> remembered(ObservedCluster observed) {
    Map<String, String> remembered = new TreeMap<>();
    for (ObservedPod pod : observed.pods()) {
      if (pod.revision().isEmpty()) {
        wanted(pod.head(), pod.group())
            .ifPresent(
                present -> remembered.put(key(pod), adopted.getOrDefault(key(pod), present)));
      }
    }
    return remembered.isEmpty() ? null : remembered;
  }

  private Optional<String> wanted(boolean head, String group) {
    return Optional.ofNullable(head ? wanted.head() : wanted.workers().get(group));
  }

  private static String key(ObservedPod pod) {
    return pod.head() ? RayLabels.HEAD_GROUP : pod.group();
  }
}
