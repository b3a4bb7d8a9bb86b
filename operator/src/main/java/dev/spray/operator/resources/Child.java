package dev.spray.operator.resources;

import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * An object beside the pods that a cluster must have.
 *
 * @param object as the operator wants it, with the hash of that wish
 * @param missing why it is made
 * @param changed why it is applied again
 */
public record Child(HasMetadata object, Reason missing, Reason changed) {

  /**
   * A child whose Events are called after its kind, as KubeRay's are.
   *
   * @param what it is to the cluster, for people, for example {@code head service}
   */
  static Child of(HasMetadata desired, String what) {
    String kind = desired.getKind();
    return new Child(
        Desired.withHash(desired),
        new Reason("Created" + kind, "FailedToCreate" + kind, "the cluster has no " + what),
        new Reason("Updated" + kind, "FailedToUpdate" + kind, "the " + what + " is not as wanted"));
  }
}
