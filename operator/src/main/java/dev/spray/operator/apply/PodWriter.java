package dev.spray.operator.apply;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.OwnWrites;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Creates pods. */
final class PodWriter {
  private final Claims claims;
  private final OwnWrites ownWrites;

  PodWriter(Claims claims, OwnWrites ownWrites) {
    this.claims = claims;
    this.ownWrites = ownWrites;
  }

  /** Also content with one that is on its way out: its successor is for a later pass. */
  void create(Pod pod, RayCluster cluster) {
    Pod there =
        switch (claims.create(pod, cluster)) {
          case Claim.Made<Pod>(Pod made) -> made;
          case Claim.Ours<Pod>(Pod found, var _) -> seen(found, nodeType(pod));
          case Claim.Theirs<Pod>(var _, var answer) -> throw taken(pod, cluster, answer);
        };
    ownWrites.created(cluster.getMetadata().getUid(), there);
  }

  /** A worker gets another name at once, the head has but one. */
  private KubernetesClientException taken(
      Pod pod, RayCluster cluster, KubernetesClientException answer) {
    ownWrites.taken(cluster.getMetadata().getUid(), pod.getMetadata().getName());
    boolean head = RayLabels.HEAD.equals(nodeType(pod));
    return head && Failures.isAlreadyExists(answer) ? Refused.foreign(pod) : answer;
  }

  /** One that the operator doesn't see would be created again and again. */
  private static Pod seen(Pod found, String nodeType) {
    if (!nodeType.equals(nodeType(found))) {
      throw new Refused(
          "Pod %s has lost its label %s: %s, by which the operator sees it: put it back, or delete the pod"
              .formatted(found.getMetadata().getName(), RayLabels.NODE_TYPE, nodeType));
    }
    return found;
  }

  private static String nodeType(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(RayLabels.NODE_TYPE, "");
  }
}
