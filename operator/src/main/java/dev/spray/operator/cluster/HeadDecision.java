package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides about the head: there is one, never two. */
final class HeadDecision {
  /** How often it is asked whether the node of an overdue head is still there. */
  private static final Duration ASK_FOR_NODE = Duration.ofSeconds(15);

  static void decide(
      RayCluster cluster,
      Revisions revisions,
      ObservedCluster observed,
      PodSettings settings,
      Draft draft) {
    Optional<ObservedPod> head = observed.liveHead();
    for (ObservedPod pod : observed.heads()) {
      if (pod.terminating()) {
        awaitEnd(pod, draft);
      } else if (pod.failure().isPresent()) {
        if (draft.isOldEnough(pod)) {
          draft.delete(pod, Reasons.deleteHead(pod.failure().get()));
        }
      } else if (head.filter(one -> !one.equals(pod)).isPresent()) {
        String why = "the cluster has an older head pod, " + head.get().name();
        draft.delete(pod, Reasons.deleteHead(why));
      } else if (cluster.getSpec().rolledOnChange() && revisions.isOutdated(pod)) {
        roll(cluster, revisions, observed, pod, draft);
      }
    }
    // A successor waits until the old head is gone: two would fight over the cluster's identity.
    if (observed.heads().isEmpty() && mayHaveOne(cluster)) {
      draft.create(
          revisions.mark(RayPod.head(cluster, settings)),
          Reasons.createHead("the cluster has no head pod"));
    }
  }

  /**
   * Replaces a head that is older than the spec once all workers are as they should be: most that
   * can go wrong has gone wrong by then. One in which Ray doesn't even start has nothing to lose,
   * and no worker becomes ready without another.
   */
  private static void roll(
      RayCluster cluster,
      Revisions revisions,
      ObservedCluster observed,
      ObservedPod head,
      Draft draft) {
    boolean starts = head.isRunning() && !head.readyReason().equals("CrashLoopBackOff");
    if (!starts) {
      draft.delete(
          head,
          Reasons.deleteHead(
              "it is older than the spec, and doesn't start: " + head.readyReason()));
    } else if (Readiness.ofWorkers(cluster.getSpec(), observed)
        && observed.workers().stream().noneMatch(revisions::isOutdated)) {
      draft.delete(
          head, Reasons.deleteHead("it is older than the spec, and all workers are up to date"));
    }
  }

  /** A head that is on its way out ends by itself, unless its node is gone. */
  static void awaitEnd(ObservedPod pod, Draft draft) {
    if (pod.nodeGone()) {
      String node = pod.node().orElseThrow();
      draft.forceDelete(pod, Reasons.deleteHead("its node %s is gone".formatted(node)));
    } else if (pod.due().isPresent()) {
      Instant due = pod.due().get();
      if (draft.isPast(due)) {
        draft.lookAgainIn(ASK_FOR_NODE);
      } else {
        // Times are stored in whole seconds.
        draft.lookAgainAt(due.plusSeconds(1));
      }
    }
  }

  /** A job that was submitted by a sidecar of the lost head is of no use to another one. */
  static boolean mayHaveOne(RayCluster cluster) {
    return !"true".equals(cluster.getMetadata().getAnnotations().get(RayLabels.NO_HEAD_RESTART))
        || !Conditions.isTrue(Conditions.of(cluster), ConditionTypes.PROVISIONED);
  }

  private HeadDecision() {}
}
