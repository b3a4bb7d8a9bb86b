package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
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
  static List<EnvVar> of(RayNode node, String rayStart, PodSettings settings) {
    List<EnvVar> env = new ArrayList<>(node.container().getEnv());
    if (!node.head()) {
      env.addAll(gcsAddress(node));
    }
    env.add(field("RAY_CLUSTER_NAME", label(RayLabels.CLUSTER)));
    env.add(field("RAY_CLUSTER_NAMESPACE", "metadata.namespace"));
    env.add(field("RAY_CLOUD_INSTANCE_ID", "metadata.name"));
    env.add(field("RAY_NODE_TYPE_NAME", label(RayLabels.GROUP)));
    env.add(value("KUBERAY_GEN_RAY_START_CMD", rayStart));
    addIfAbsent(env, "RAY_PORT", node.gcsPort());
    addIfAbsent(
        env, "RAY_ADDRESS", node.head() ? "127.0.0.1:" + node.gcsPort() : node.gcsAddress());
    addIfAbsent(env, "RAY_USAGE_STATS_KUBERAY_IN_USE", "1");
    if (node.head()) {
      env.add(
          value(
              "RAY_USAGE_STATS_EXTRA_TAGS",
              "kuberay_version=sp-ray-" + settings.operatorVersion() + ";kuberay_crd=RayCluster"));
    }
    addIfAbsent(env, "RAY_DASHBOARD_ENABLE_K8S_DISK_USAGE", "1");
    return env;
  }

  private static void addIfAbsent(List<EnvVar> env, String name, String value) {
    if (env.stream().noneMatch(variable -> name.equals(variable.getName()))) {
      env.add(value(name, value));
    }
  }

  private static EnvVar value(String name, String value) {
    return new EnvVar(name, value, null);
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }

  private static String label(String key) {
    return "metadata.labels['" + key + "']";
  }

  private RayEnvironment() {}
}
