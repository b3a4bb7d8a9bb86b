package dev.spray.operator.apply;

import dev.spray.api.RayLabels;
import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.OwnWrites;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/** Applies and creates what a cluster has beside its pods. */
final class ChildWriter {
  /**
   * A version that no object has, because etcd counts up from it: an apply that carries it makes a
   * new object or fails. Without it, applying would take over an object that somebody else made
   * under the name, unless the two disagree about a field.
   */
  private static final String NO_VERSION = "1";

  private final KubernetesClient client;
  private final Writes writes;
  private final Claims claims;
  private final OwnWrites ownWrites;

  ChildWriter(KubernetesClient client, Writes writes, Claims claims, OwnWrites ownWrites) {
    this.client = client;
    this.writes = writes;
    this.claims = claims;
    this.ownWrites = ownWrites;
  }

  void apply(Action.Apply apply, RayCluster cluster) {
    HasMetadata desired = apply.desired();
    HasMetadata applied =
        apply
            .observedUid()
            .map(uid -> change(desired, uid))
            .orElseGet(() -> applyNew(desired, cluster));
    ownWrites.applied(cluster.getMetadata().getUid(), applied);
  }

  void create(HasMetadata object, RayCluster cluster) {
    HasMetadata there =
        switch (claims.create(object, cluster)) {
          case Claim.Made<HasMetadata>(var made) -> made;
          case Claim.Ours<HasMetadata> ours -> ours.staying();
          case Claim.Theirs<HasMetadata> _ -> throw foreign(object);
        };
    ownWrites.applied(cluster.getMetadata().getUid(), there);
  }

  private HasMetadata applyNew(HasMetadata desired, RayCluster cluster) {
    desired.getMetadata().setResourceVersion(NO_VERSION);
    Claim<HasMetadata> claim =
        claims.claim(
            desired,
            cluster,
            () -> serverSideApply(desired),
            answer -> answer.getCode() == HttpURLConnection.HTTP_CONFLICT);
    return switch (claim) {
      case Claim.Made<HasMetadata>(var made) -> made;
      case Claim.Ours<HasMetadata> ours -> change(desired, ours.staying().getMetadata().getUid());
      case Claim.Theirs<HasMetadata>(var found, var answer) ->
          // What is kept for the cluster is for the next pass, which has observed it.
          throw Identity.isKeptFor(found, cluster) ? answer : foreign(desired);
    };
  }

  /** With its UID the patch can't make a new object, nor change another one of this name. */
  private HasMetadata change(HasMetadata desired, String uid) {
    desired.getMetadata().setResourceVersion(null);
    desired.getMetadata().setUid(uid);
    return serverSideApply(desired);
  }

  private HasMetadata serverSideApply(HasMetadata desired) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Applier.FIELD_MANAGER)
            .withForce(true)
            .build();
    return writes.send(() -> client.resource(desired).patch(context));
  }

  private static String toUse(PersistentVolumeClaim claim) {
    String cluster = claim.getMetadata().getLabels().get(RayLabels.CLUSTER);
    return claim.getMetadata().getName().equals(Workspace.claimName(cluster))
        ? ", or give it the label %s=%s to use it".formatted(RayLabels.CLUSTER, cluster)
        : ", or name it as gcsFaultToleranceOptions.storage.claimName to use it";
  }

  private static Refused foreign(HasMetadata object) {
    return Refused.foreign(
        object,
        switch (object) {
          case ServiceAccount _ ->
              ", or name it as serviceAccountName in the head's template to use it";
          case PersistentVolumeClaim claim -> toUse(claim);
          default -> "";
        });
  }
}
