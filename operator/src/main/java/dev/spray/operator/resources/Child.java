package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Map;

/**
 * An object beside the pods that a cluster must have.
 *
 * @param object as the operator wants it, with the hash of that wish
 * @param role what it is to the cluster, for people, for example {@code head service}
 */
public record Child(HasMetadata object, String role) {

  /** A child that the cluster must have. */
  public static Child of(HasMetadata wish, String role) {
    return new Child(Desired.withHash(wish), role);
  }

  /**
   * What is wanted of one that is there: a volume's claim never changes, whatever the spec says.
   */
  public Child over(HasMetadata actual) {
    return object instanceof PersistentVolumeClaim wish
            && actual instanceof PersistentVolumeClaim there
            && !Desired.isMetBy(wish, there)
        ? Child.of(GcsVolume.kept(wish, there), role)
        : this;
  }

  /** Metadata of a child by which the operator finds it, and which is deleted with its cluster. */
  public static ObjectMeta metadata(RayCluster cluster, String name) {
    return Identity.metadata(
        cluster, name, Map.of(RayLabels.CLUSTER, cluster.getMetadata().getName()));
  }

  /** Why it is made. */
  public Reason missing() {
    return Child.reason("Created", "FailedToCreate", object, "the cluster has no " + role);
  }

  /** Why it is applied again. */
  public Reason changed() {
    return Child.reason("Updated", "FailedToUpdate", object, "the " + role + " is not as wanted");
  }

  /** Why the one that is there is deleted, to be made anew. */
  public Reason unchangeable() {
    return Child.reason(
        "Deleted",
        "FailedToDelete",
        object,
        "the %s is made anew: what is wanted of it can't be changed in place".formatted(role));
  }

  /** Why an object that was wanted once is deleted. */
  public static Reason unwanted(HasMetadata object) {
    String why = "the spec asks for no such %s any more".formatted(object.getKind());
    return Child.reason("Deleted", "FailedToDelete", object, why);
  }

  /** KubeRay's Events carry the kind in their reason. */
  private static Reason reason(String done, String failed, HasMetadata object, String why) {
    String kind = object instanceof PersistentVolumeClaim ? "PVC" : object.getKind();
    return new Reason(done + kind, failed + kind, why);
  }
}
