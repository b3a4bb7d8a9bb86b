package dev.spray.operator.pods;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/**
 * A Ray node to be: what the spec says of one head or worker pod.
 *
 * @param params the user's {@code rayStartParams}
 */
record RayNode(
    RayCluster cluster, boolean head, Map<String, String> params, PodTemplateSpec template) {

  private static final String CLUSTER_DOMAIN = "cluster.local";
  private static final String DEFAULT_GCS_PORT = "6379";
  private static final String DEFAULT_AGENT_PORT = "52365";

  static RayNode head(RayCluster cluster) {
    var group = cluster.getSpec().headGroupSpec();
    return new RayNode(cluster, true, group.rayStartParams(), group.template());
  }

  static RayNode worker(RayCluster cluster, WorkerGroupSpec group) {
    return new RayNode(cluster, false, group.rayStartParams(), group.template());
  }

  /** The user's Ray container: the first one, always. */
  Container container() {
    return template.getSpec().getContainers().getFirst();
  }

  /** Port of the cluster's GCS. */
  String gcsPort() {
    return cluster
        .getSpec()
        .headGroupSpec()
        .rayStartParams()
        .getOrDefault("port", DEFAULT_GCS_PORT);
  }

  /** Port on which the node's dashboard agent answers health checks. */
  String agentPort() {
    return params.getOrDefault("dashboard-agent-listen-port", DEFAULT_AGENT_PORT);
  }

  /** Fully qualified name of the head service. */
  String headHost() {
    return "%s.%s.svc.%s"
        .formatted(HeadService.name(cluster), cluster.getMetadata().getNamespace(), CLUSTER_DOMAIN);
  }

  /** Where workers find the GCS. */
  String gcsAddress() {
    return headHost() + ":" + gcsPort();
  }
}
