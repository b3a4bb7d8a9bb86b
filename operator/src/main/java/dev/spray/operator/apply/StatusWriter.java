package dev.spray.operator.apply;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the status of a RayCluster, whole: by server-side apply where it is ours, so that nobody's
 * conditions beside ours are lost.
 *
 * <p>An apply doesn't take away what somebody else has written too, as KubeRay did with the status
 * of the clusters that it left behind: a number of ready workers, for example, when there are none
 * any more. A status that another operator wrote last is therefore replaced, and so is what an
 * apply leaves in spite of us later on.
 */
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
   * Writes a status over the one that was looked at.
   *
   * @param cluster as it was looked at
   * @return the cluster as the API server has it now; empty when it is gone
   */
  public Optional<RayCluster> write(RayCluster cluster, RayClusterStatus status) {
    try {
      if (cluster.getStatus() != null && cluster.getStatus().writtenByAnother()) {
        return Optional.of(replaced(cluster, status));
      }
      RayCluster applied = applied(cluster, status);
      return Optional.of(isIn(applied, status) ? applied : replaced(applied, status));
    } catch (KubernetesClientException e) {
      if (Failures.isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private RayCluster applied(RayCluster cluster, RayClusterStatus status) {
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
    return writes.send(() -> client.resource(patch).subresource("status").patch(context));
  }

  private static boolean isIn(RayCluster written, RayClusterStatus status) {
    return written.getStatus() != null
        && written
            .getStatus()
            .withConditions(conditions(written, true))
            .equals(status.withConditions(sorted(status.conditions().stream())));
  }

  /** All but the conditions of others, and only if nobody has changed anything since. */
  private RayCluster replaced(RayCluster found, RayClusterStatus status) {
    List<Condition> all =
        sorted(Stream.concat(status.conditions().stream(), conditions(found, false).stream()));
    String patch =
        """
        [{"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
         {"op": "replace", "path": "/status", "value": %s}]
        """
            .formatted(
                found.getMetadata().getResourceVersion(),
                client.getKubernetesSerialization().asJson(status.withConditions(all)));
    return writes.send(() ->
        client.resource(found).subresource("status").patch(PatchContext.of(PatchType.JSON), patch));
  }

  private static List<Condition> conditions(RayCluster cluster, boolean ours) {
    RayClusterStatus status = cluster.getStatus();
    return status == null || status.conditions() == null
        ? List.of()
        : sorted(
            status.conditions().stream()
                .filter(condition -> ConditionTypes.OURS.contains(condition.getType()) == ours));
  }

  private static List<Condition> sorted(Stream<Condition> conditions) {
    return conditions.sorted(Comparator.comparing(Condition::getType)).toList();
  }
}
