package dev.spray.operator.resources;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;

/**
 * The volume with the files of a workspace. Its claim is never deleted or changed because the spec
 * is, as somebody's work would be lost: at most it goes with its cluster.
 */
public final class WorkspaceVolume {

  /** The claim that a cluster asks for. */
  static Optional<Child> child(RayCluster cluster) {
    return Workspace.of(cluster.getSpec().platform())
        .flatMap(workspace -> workspace.homeSize().map(size -> child(cluster, workspace, size)));
  }

  private static Child child(RayCluster cluster, Workspace workspace, Quantity size) {
    return Child.of(
        new PersistentVolumeClaimBuilder()
            .withMetadata(
                Child.metadata(cluster, Workspace.claimName(cluster.getMetadata().getName())))
            .editMetadata()
            .withOwnerReferences(
                workspace.homeRetained() ? List.of() : List.of(Identity.owner(cluster)))
            .endMetadata()
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .addToRequests("storage", size)
            .endResources()
            .endSpec()
            .build(),
        "volume for the files of its workspace");
  }

  /** In what an existing claim differs from what the spec asks for; empty when it doesn't. */
  public static Optional<String> drift(RayCluster cluster, PersistentVolumeClaim actual) {
    Quantity there = actual.getSpec().getResources().getRequests().get("storage");
    return Workspace.of(cluster.getSpec().platform())
        .flatMap(Workspace::homeSize)
        .filter(wanted -> !wanted.equals(there))
        .map(wanted ->
            ("PersistentVolumeClaim %s is kept as it was made, with the files of the workspace: its"
                    + " size is %s, not %s. Undo the change of spec.platform.workspace.home.size,"
                    + " or, if it is to grow, enlarge the claim yourself")
                .formatted(actual.getMetadata().getName(), there, wanted));
  }

  private WorkspaceVolume() {}
}
