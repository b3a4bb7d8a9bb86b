package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.AutoscalerOptions;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.List;

/** Environment that Ray, its autoscaler and KubeRay's users expect in a Ray container. */
final class RayEnvironment {

  /** Where the head is, for workers and for every init container. */
  static List<EnvVar> gcsAddress(RayNode node) {
    return List.of(
        value("FQ_RAY_IP", node.headHost()), value("RAY_IP", HeadService.name(node.cluster())));
  }

  /**
   * The user's variables and Ray's after them.
   *
   * @param rayStart the generated command, which a user's own command may call
   */
  static List<EnvVar> of(RayNode node, String rayStart) {
    List<EnvVar> env = new ArrayList<>(node.container().getEnv());
    String autoscaler = node.cluster().getSpec().autoscaler().version();
    if (node.withAutoscaler() && autoscaler != null) {
      env.add(value("RAY_enable_autoscaler_v2", AutoscalerOptions.V2.equals(autoscaler) + ""));
    }
    Authentication.addTo(env, node.cluster());
    GcsState.addTo(env, node);
    Encryption.addTo(env, node);
    node.settings().defaults().env().forEach(variable -> addIfAbsent(env, variable));
    if (!node.head()) {
      env.addAll(gcsAddress(node));
    }
    env.add(field("RAY_CLUSTER_NAME", label(RayLabels.CLUSTER)));
    env.add(field("RAY_CLUSTER_NAMESPACE", "metadata.namespace"));
    env.add(field("RAY_CLOUD_INSTANCE_ID", "metadata.name"));
    env.add(field("RAY_NODE_TYPE_NAME", label(RayLabels.GROUP)));
    env.add(value("KUBERAY_GEN_RAY_START_CMD", rayStart));
    addIfAbsent(env, value("RAY_PORT", node.gcsPort()));
    if (node.serves()) {
      // Sooner than Ray's own: requests wait for it.
      addIfAbsent(env, value("RAY_timeout_ms_task_wait_for_death_info", "0"));
      addIfAbsent(env, value("RAY_gcs_server_request_timeout_seconds", "5"));
      addIfAbsent(env, value("RAY_SERVE_KV_TIMEOUT_S", "5"));
    }
    addIfAbsent(
        env, value("RAY_ADDRESS", node.head() ? "127.0.0.1:" + node.gcsPort() : node.gcsAddress()));
    addIfAbsent(env, value("RAY_USAGE_STATS_KUBERAY_IN_USE", "1"));
    if (node.head()) {
      env.add(
          value(
              "RAY_USAGE_STATS_EXTRA_TAGS",
              "kuberay_version=sp-ray-%s;kuberay_crd=%s"
                  .formatted(node.settings().operatorVersion(), node.creator())));
    }
    addIfAbsent(env, value("RAY_DASHBOARD_ENABLE_K8S_DISK_USAGE", "1"));
    if (node.withHistory()) {
      env.addAll(HistoryCollector.envOfRay());
    }
    if (!node.head()) {
      RayDrain.of(node.cluster().getSpec()).ifPresent(variable -> addIfAbsent(env, variable));
    }
    return env;
  }

  static void addIfAbsent(List<EnvVar> env, EnvVar added) {
    if (env.stream().noneMatch(variable -> added.getName().equals(variable.getName()))) {
      env.add(added);
    }
  }

  static EnvVar value(String name, String value) {
    return new EnvVar(name, value, null);
  }

  /**
   * A variable with what stands in the pod.
   *
   * @param path as the downward API wants it
   */
  static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }

  /** The path of a label of the pod. */
  static String label(String key) {
    return "metadata.labels['" + key + "']";
  }

  private RayEnvironment() {}
}
