package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * Suspends or deletes a cluster itself: just the one that was looked at, as it was looked at. It is
 * read live before, and the write carries the version that was read, too: what a user has changed
 * in the last moment, to keep it for example, is looked at first.
 */
final class ClusterEnd {
  private final KubernetesClient client;
  private final Writes writes;
  private final Deletions deletions;

  ClusterEnd(KubernetesClient client, Writes writes, Deletions deletions) {
    this.client = client;
    this.writes = writes;
    this.deletions = deletions;
  }

  /**
   * Suspends it as one that nobody uses: {@code spec.suspend} is for its users, and for Kueue.
   *
   * @throws KubernetesClientException a conflict, when it is another one by now
   */
  void suspend(RayCluster observed) {
    if (isGone(observed)) {
      throw changed(observed);
    }
    ObjectMeta metadata = observed.getMetadata();
    String patch =
        """
        [{"op": "test", "path": "/metadata/uid", "value": "%s"},
         {"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
         {"op": "add", "path": "/spec/idleSuspend", "value": true}]
        """
            .formatted(metadata.getUid(), metadata.getResourceVersion());
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager(Applier.FIELD_MANAGER)
            .build();
    var _ = writes.send(() -> client.resource(observed).patch(context, patch));
  }

  /**
   * Deletes it, and with it, by the garbage collector, what it owns. One that is gone was deleted
   * by a request whose answer got lost.
   *
   * @throws KubernetesClientException a conflict, when it is another one by now
   */
  void delete(RayCluster observed) {
    if (!isGone(observed)) {
      deletions.delete(observed);
    }
  }

  /** Whether it is gone, or about to be. */
  private boolean isGone(RayCluster observed) {
    RayCluster live = client.resource(observed).get();
    if (live == null
        || live.isMarkedForDeletion()
        || !live.getMetadata().getUid().equals(observed.getMetadata().getUid())) {
      return true;
    }
    if (!live.getMetadata()
        .getResourceVersion()
        .equals(observed.getMetadata().getResourceVersion())) {
      throw changed(observed);
    }
    return false;
  }

  private static KubernetesClientException changed(RayCluster observed) {
    return new KubernetesClientException(
        "The RayCluster has changed since version %s was looked at"
            .formatted(observed.getMetadata().getResourceVersion()),
        HttpURLConnection.HTTP_CONFLICT,
        null);
  }
}
