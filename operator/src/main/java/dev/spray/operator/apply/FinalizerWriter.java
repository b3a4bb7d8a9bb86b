package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Gives clusters finalizers, and takes them away. */
final class FinalizerWriter {
  private static final String FINALIZERS = "/metadata/finalizers";

  private final KubernetesClient client;
  private final Writes writes;

  FinalizerWriter(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * Only if nothing about the cluster has changed since it was looked at.
   *
   * @return it as it is now
   */
  RayCluster add(String finalizer, RayCluster cluster) {
    ObjectMeta metadata = cluster.getMetadata();
    boolean first = metadata.getFinalizers().isEmpty();
    return patch(
        cluster,
        test("/metadata/resourceVersion", metadata.getResourceVersion()),
        """
        {"op": "add", "path": "%s", "value": %s}\
        """
            .formatted(
                first ? FINALIZERS : FINALIZERS + "/-",
                first ? "[\"" + finalizer + "\"]" : "\"" + finalizer + "\""));
  }

  /** Only if it is where it was; others may have changed meanwhile what stands before it. */
  void remove(String finalizer, RayCluster cluster) {
    String place = FINALIZERS + "/" + cluster.getMetadata().getFinalizers().indexOf(finalizer);
    try {
      var _ =
          patch(
              cluster,
              test(place, finalizer),
              """
              {"op": "remove", "path": "%s"}\
              """
                  .formatted(place));
    } catch (KubernetesClientException e) {
      if (!Failures.isGone(e)) {
        throw e;
      }
    }
  }

  /** All or nothing, and only on this cluster, not on another one of its name. */
  private RayCluster patch(RayCluster cluster, String condition, String change) {
    String patch =
        "[%s, %s, %s]"
            .formatted(test("/metadata/uid", cluster.getMetadata().getUid()), condition, change);
    return writes.send(
        () -> client.resource(cluster).patch(PatchContext.of(PatchType.JSON), patch));
  }

  private static String test(String path, String value) {
    return """
    {"op": "test", "path": "%s", "value": "%s"}\
    """
        .formatted(path, value);
  }
}
