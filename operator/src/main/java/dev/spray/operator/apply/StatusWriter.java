package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;

/** Writes the status of a RayCluster, whole, by server-side apply. */
public final class StatusWriter {
  private final KubernetesClient client;
  private final Writes writes;

  /**
   * @param client must not retry writes by itself
   */
  public StatusWriter(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * Writes it.
   *
   * @return the cluster as the API server has it now; empty when it is gone
   */
  public Optional<RayCluster> write(RayCluster cluster, RayClusterStatus status) {
    RayCluster patch = new RayCluster();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(cluster.getMetadata().getName())
            .withNamespace(cluster.getMetadata().getNamespace())
            // A cluster made anew under this name must not get the status of the old one.
            .withUid(cluster.getMetadata().getUid())
            .build());
    patch.setStatus(status);
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Applier.FIELD_MANAGER)
            .withForce(true)
            .build();
    try {
      return Optional.of(
          writes.send(() -> client.resource(patch).subresource("status").patch(context)));
    } catch (KubernetesClientException e) {
      if (Failures.isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
