package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Reason;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides about a cluster whose pods are all made anew when one of them is older than the spec;
 * pure. New ones are made when the old ones are gone: they would join an old head.
 */
final class RecreateDecision {

  /**
   * Whether the cluster is being recreated: then nothing else is decided about its pods.
   *
   * <p>Those that are older than the spec go last, once no other is left: as long as one of them is
   * there, whoever decides again knows what has begun.
   */
  static boolean decide(ObservedCluster observed, Revisions revisions, Draft draft) {
    List<ObservedPod> outdated = observed.pods().stream().filter(revisions::isOutdated).toList();
    List<ObservedPod> left = outdated.stream().filter(pod -> !pod.terminating()).toList();
    boolean waiting =
        !left.isEmpty() || !outdated.stream().filter(draft::isAwaited).toList().isEmpty();
    if (!waiting) {
      return false;
    }
    List<ObservedPod> others =
        observed.pods().stream()
            .filter(pod -> !pod.terminating())
            .filter(Predicate.not(revisions::isOutdated))
            .toList();
    Reason reason = Reasons.deleteAll(why(outdated));
    (others.isEmpty() ? left : others).forEach(pod -> draft.delete(pod, reason));
    if (!others.isEmpty()) {
      draft.lookAgainAtOnce();
    }
    observed.heads().stream()
        .filter(ObservedPod::terminating)
        .forEach(pod -> HeadDecision.awaitEnd(pod, draft));
    return true;
  }

  private static String why(List<ObservedPod> outdated) {
    return "the spec says something else of %s, and spec.upgradeStrategy.type is Recreate"
        .formatted(Outdated.described(outdated));
  }

  private RecreateDecision() {}
}
