package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.IdleTerminationOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about a cluster that is marked for deletion; pure. The garbage collector deletes what it
 * owns once nothing holds it. State in Redis does; and where Ray's autoscaler deletes it because
 * nobody uses it, it adds a finalizer first, for the operator to take note and let it go.
 */
final class DeletionDecision {

  static Plan decide(
      RayCluster cluster, ObservedCluster observed, Instant now, ClusterSettings settings) {
    if (!cluster.isMarkedForDeletion()) {
      return Plan.NOTHING;
    }
    List<Action> actions = new ArrayList<>();
    if (cluster.hasFinalizer(RayLabels.IDLE_FINALIZER)) {
      actions.add(new Action.RemoveFinalizer(RayLabels.IDLE_FINALIZER, reason(cluster)));
    }
    if (cluster.hasFinalizer(RayLabels.REDIS_FINALIZER)) {
      actions.addAll(RedisCleanupDecision.decide(cluster, observed, now, settings));
    }
    return new Plan(actions, Optional.empty());
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
