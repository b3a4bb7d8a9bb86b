package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Reason;

/** Decides about the pods of a cluster that is suspended, or will be. */
final class SuspensionDecision {

  static void decide(
      Suspension suspension, RayClusterSpec spec, ObservedCluster observed, Draft draft) {
    switch (suspension) {
      case NONE -> {}
      case BEGINS -> draft.lookAgainAtOnce();
      case SUSPENDING -> endAll(observed, why(spec), draft);
      case SUSPENDED -> {
        if (!spec.suspended()) {
          // It was wanted back while it was being suspended.
          draft.lookAgainAtOnce();
        }
      }
    }
  }

  /** Ends the pods of a cluster that is to have none. */
  static void endAll(ObservedCluster observed, String why, Draft draft) {
    Reason reason = Reasons.deleteAll(why);
    observed.pods().stream()
        .filter(pod -> !pod.terminating())
        .forEach(pod -> draft.delete(pod, reason));
    observed.heads().stream()
        .filter(ObservedPod::terminating)
        .forEach(pod -> HeadDecision.awaitEnd(pod, draft));
  }

  /** Why a cluster is suspended. */
  static String why(RayClusterSpec spec) {
    if (!Boolean.TRUE.equals(spec.idleSuspend()) || Boolean.TRUE.equals(spec.suspend())) {
      return "spec.suspend was set";
    }
    boolean limited =
        spec.platform() != null
            && spec.platform().lifecycle() != null
            && spec.platform().lifecycle().ttl() != null;
    return (limited ? "nobody used it or its ttl was over" : "nobody used it")
        + ", and spec.idleSuspend was set";
  }

  private SuspensionDecision() {}
}
