package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.IdleTerminationOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Decides about a cluster that is marked for deletion; pure. The garbage collector deletes what it
 * owns; but where Ray's autoscaler deletes it because nobody uses it, it adds a finalizer first,
 * for the operator to take note and let it go.
 */
final class DeletionDecision {

  static Plan decide(RayCluster cluster) {
    return cluster.isMarkedForDeletion() && cluster.hasFinalizer(RayLabels.IDLE_FINALIZER)
        ? new Plan(
            List.of(new Action.RemoveFinalizer(RayLabels.IDLE_FINALIZER, reason(cluster))),
            Optional.empty())
        : Plan.NOTHING;
  }

  private static Reason reason(RayCluster cluster) {
    String howLong =
        Optional.ofNullable(cluster.getSpec())
            .map(RayClusterSpec::idleTerminationOptions)
            .map(IdleTerminationOptions::timeoutSeconds)
            .map(" for %d s"::formatted)
            .orElse("");
    return new Reason(
        "DeletedIdleRayCluster",
        "FailedToDeleteIdleRayCluster",
        "nobody used the cluster%s, and Ray's autoscaler deleted it".formatted(howLong));
  }

  private DeletionDecision() {}
}
