package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * How far a cluster is suspended. A suspension that has begun is finished, also when it isn't
 * wanted any more, so that a cluster never goes on with half of its old pods; what remembers that
 * it has begun is the condition in the status, which is therefore written before the first pod
 * goes.
 */
enum Suspension {
  /** It is not suspended, nor on the way. */
  NONE,

  /** It is to be, and the status has to say so first. */
  BEGINS,

  /** Its pods are on their way out. */
  SUSPENDING,

  /** It has no pods. */
  SUSPENDED;

  static Suspension of(RayCluster cluster, ObservedCluster observed) {
    List<Condition> conditions = Conditions.of(cluster);
    boolean wanted = cluster.getSpec().suspended();
    boolean suspended = Conditions.isTrue(conditions, ConditionTypes.SUSPENDED);
    // Both at once is somebody else's status: it remembers nothing, and the spec alone counts.
    boolean begun = Conditions.isTrue(conditions, ConditionTypes.SUSPENDING) && !suspended;
    if (!wanted && !begun) {
      return NONE;
    }
    if (observed.pods().isEmpty()) {
      return SUSPENDED;
    }
    return begun || suspended ? SUSPENDING : BEGINS;
  }
}
