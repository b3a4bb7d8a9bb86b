package dev.spray.operator.cluster;

import dev.spray.api.platform.Decoration;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.NetworkSettings;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Optional;

/**
 * What the operator's options say about a RayCluster.
 *
 * @param pods how its pods are made
 * @param children how everything beside them is made
 * @param randomPodDelete whether a group also shrinks without the word of Ray's autoscaler, if it
 *     has one; KubeRay's {@code ENABLE_RANDOM_POD_DELETE}
 * @param scheduler who schedules the pods of all clusters
 * @param decoration what its new pods get where their templates are silent; empty: nothing. It is
 *     no part of their revision: another one changes no pod that is there
 */
public record ClusterSettings(
    PodSettings pods,
    ChildSettings children,
    boolean randomPodDelete,
    BatchScheduler scheduler,
    Optional<Decoration> decoration) {

  /** Of all clusters, whose templates nobody adds to. */
  public ClusterSettings(
      PodSettings pods, ChildSettings children, boolean randomPodDelete, BatchScheduler scheduler) {
    this(pods, children, randomPodDelete, scheduler, Optional.empty());
  }

  ClusterSettings with(Optional<Decoration> one) {
    return new ClusterSettings(pods, children, randomPodDelete, scheduler, one);
  }

  /** A new pod, with what its template was silent about. */
  Pod decorated(Pod pod) {
    return decoration
        .map(more -> new PodBuilder(pod).withSpec(more.of(pod.getSpec())).build())
        .orElse(pod);
  }

  /** The same, with the API server elsewhere. */
  public ClusterSettings withApiServer(List<NetworkSettings.Endpoint> endpoints) {
    return new ClusterSettings(
        pods, children.withApiServer(endpoints), randomPodDelete, scheduler, decoration);
  }
}
