package dev.spray.operator.pods;

import dev.spray.api.HeadPorts;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.AutoscalerOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A Ray node to be: what the spec says of one head or worker pod.
 *
 * @param group name of its group
 * @param params the user's {@code rayStartParams}, and those that the cluster's options ask for
 * @param resources what the user says that the node has, by Ray's names
 * @param labels of the node in Ray and of its pod
 */
record RayNode(
    RayCluster cluster,
    boolean head,
    String group,
    Map<String, String> params,
    Map<String, String> resources,
    Map<String, String> labels,
    PodTemplateSpec template,
    PodSettings settings) {

  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final int DEFAULT_AGENT_PORT = 52365;

  /** Kinds whose controllers make RayClusters. */
  private static final Set<String> CREATORS = Set.of("RayJob", "RayService");

  static RayNode head(RayCluster cluster, PodSettings settings) {
    var group = cluster.getSpec().headGroupSpec();
    return new RayNode(
        cluster,
        true,
        RayLabels.HEAD_GROUP,
        GcsState.headParams(cluster),
        group.resources(),
        group.labels(),
        group.template(),
        settings);
  }

  static RayNode worker(RayCluster cluster, WorkerGroupSpec group, PodSettings settings) {
    return new RayNode(
        cluster,
        false,
        group.groupName(),
        group.rayStartParams(),
        group.resources(),
        group.labels(),
        group.template(),
        settings);
  }

  /** The user's Ray container: the first one, always. */
  Container container() {
    return template.getSpec().getContainers().getFirst();
  }

  /** Port of the cluster's GCS, as the user wrote it. */
  String gcsPort() {
    return cluster
        .getSpec()
        .headGroupSpec()
        .rayStartParams()
        .getOrDefault("port", HeadPorts.GCS + "");
  }

  /** Port on which the node's dashboard agent answers health checks. */
  int agentPort() {
    return port("dashboard-agent-listen-port", DEFAULT_AGENT_PORT);
  }

  /** Port of the dashboard; of a head. */
  int dashboardPort() {
    return port("dashboard-port", HeadPorts.DASHBOARD);
  }

  /** What a probe can ask: where the shell would put in a variable, Ray's own port. */
  private int port(String param, int byDefault) {
    String port = params.getOrDefault(param, "");
    return PORT.matcher(port).matches() ? Integer.parseInt(port) : byDefault;
  }

  /** Fully qualified name of the head service. */
  String headHost() {
    return "%s.%s.svc.%s"
        .formatted(
            HeadService.name(cluster),
            cluster.getMetadata().getNamespace(),
            settings.clusterDomain());
  }

  /** Where workers find the GCS. */
  String gcsAddress() {
    return headHost() + ":" + gcsPort();
  }

  /** Whether Ray's autoscaler runs beside the node. */
  boolean withAutoscaler() {
    return head && cluster.getSpec().autoscaled();
  }

  /** Whether what happens on the node is collected for a history server. */
  boolean withHistory() {
    return cluster.getSpec().historyServerOptions() != null;
  }

  /** Whether it shows a certificate and asks for others'. */
  boolean encrypted() {
    return cluster.getSpec().encrypted();
  }

  /** The second autoscaler replaces a pod that ended; it doesn't expect the kubelet to. */
  boolean runsOnce() {
    return cluster.getSpec().autoscaled()
        && AutoscalerOptions.V2.equals(cluster.getSpec().autoscaler().version());
  }

  /** The kind whose controller made the cluster; {@code RayCluster}: a person did. */
  String creator() {
    String kind = cluster.getMetadata().getLabels().get(RayLabels.ORIGINATED_FROM_CRD);
    return kind != null && CREATORS.contains(kind) ? kind : "RayCluster";
  }

  /** Whether requests of a RayService reach the node. */
  boolean serves() {
    return creator().equals("RayService");
  }

  /** Whether the container's command is the user's alone, as the cluster or the template says. */
  boolean keepsOwnCommand() {
    String key = RayLabels.OVERWRITE_COMMAND;
    Map<String, String> own =
        template.getMetadata() == null ? Map.of() : template.getMetadata().getAnnotations();
    return overwritesCommand() || "true".equalsIgnoreCase(own.get(key));
  }

  /** Whether the cluster says so. */
  boolean overwritesCommand() {
    return "true"
        .equalsIgnoreCase(cluster.getMetadata().getAnnotations().get(RayLabels.OVERWRITE_COMMAND));
  }
}
