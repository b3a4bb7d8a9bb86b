package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import java.util.Optional;

/** Decides about the head: there is one, never two. */
final class HeadDecision {

  static void decide(
      RayCluster cluster, ObservedCluster observed, PodSettings settings, Draft draft) {
    Optional<ObservedPod> head = observed.liveHead();
    for (ObservedPod pod : observed.heads()) {
      if (pod.terminating()) {
        continue;
      }
      if (pod.failure().isPresent()) {
        if (draft.isOldEnough(pod)) {
          draft.delete(pod, Reasons.deleteHead(pod.failure().get()));
        }
      } else if (head.filter(one -> !one.equals(pod)).isPresent()) {
        String why = "the cluster has an older head pod, " + head.get().name();
        draft.delete(pod, Reasons.deleteHead(why));
      }
    }
    // A successor waits until the old head is gone: two would fight over the cluster's identity.
    if (observed.heads().isEmpty() && mayHaveOne(cluster)) {
      draft.create(
          RayPod.head(cluster, settings), Reasons.createHead("the cluster has no head pod"));
    }
  }

  /** A job that was submitted by a sidecar of the lost head is of no use to another one. */
  static boolean mayHaveOne(RayCluster cluster) {
    return !"true".equals(cluster.getMetadata().getAnnotations().get(RayLabels.NO_HEAD_RESTART))
        || cluster.getStatus() == null
        || !Conditions.isTrue(cluster.getStatus().conditions(), ConditionTypes.PROVISIONED);
  }

  private HeadDecision() {}
}
