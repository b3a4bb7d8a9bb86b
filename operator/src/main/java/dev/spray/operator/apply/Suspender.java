package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Suspends clusters that nobody uses: {@code spec.suspend} is for their users, and for Kueue. */
final class Suspender {
  private final KubernetesClient client;
  private final Writes writes;

  Suspender(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * Only as it was looked at: what a user has changed in the last moment, to keep it for example,
   * is looked at first.
   */
  void suspend(RayCluster observed) {
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
}
