package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.OwnWrites;
import dev.spray.operator.plan.Action;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;

/** Deletes what was looked at, as it was looked at, or nothing. */
final class Deletions {
  private final KubernetesClient client;
  private final Writes writes;
  private final OwnWrites ownWrites;

  Deletions(KubernetesClient client, Writes writes, OwnWrites ownWrites) {
    this.client = client;
    this.writes = writes;
    this.ownWrites = ownWrites;
  }

  void delete(Action.Delete delete, RayCluster cluster) {
    delete(delete.observed());
    ownWrites.deletedChild(cluster.getMetadata().getUid(), delete.observed());
  }

  void delete(HasMetadata observed) {
    boolean core = observed.getApiVersion().equals("v1");
    delete(
        "%s/%s/namespaces/%s/%s/%s"
            .formatted(
                core ? "/api" : "/apis",
                observed.getApiVersion(),
                observed.getMetadata().getNamespace(),
                observed.getPlural(),
                observed.getMetadata().getName()),
        options(observed.getMetadata().getUid(), observed.getMetadata().getResourceVersion())
            .build());
  }

  void delete(Action.DeletePod delete, RayCluster cluster) {
    delete(
        "/api/v1/namespaces/%s/pods/%s".formatted(delete.namespace(), delete.name()),
        options(delete.uid(), delete.resourceVersion())
            .withGracePeriodSeconds(delete.grace().map(Duration::toSeconds).orElse(null))
            .build());
    ownWrites.deleted(cluster.getMetadata().getUid(), delete.uid());
  }

  private static DeleteOptionsBuilder options(String uid, String resourceVersion) {
    return new DeleteOptionsBuilder()
        .withNewPreconditions()
        .withUid(uid)
        .withResourceVersion(resourceVersion)
        .endPreconditions();
  }

  /** The typed client has no way to send a UID precondition. */
  private void delete(String path, DeleteOptions options) {
    try {
      var _ = writes.send(() -> client.raw(path, "DELETE", options));
    } catch (KubernetesClientException e) {
      if (!Failures.isGone(e)) {
        throw e;
      }
    }
  }
}
