package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.CollectorOptions;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The container beside every Ray container that sends logs and events to where they outlive the
 * cluster, for KubeRay's history server.
 */
final class HistoryCollector {
  private static final int PORT = 8084;

  private static final String EVENT_TYPES =
      String.join(
          ",",
          "TASK_DEFINITION_EVENT",
          "TASK_LIFECYCLE_EVENT",
          "ACTOR_TASK_DEFINITION_EVENT",
          "TASK_PROFILE_EVENT",
          "DRIVER_JOB_DEFINITION_EVENT",
          "DRIVER_JOB_LIFECYCLE_EVENT",
          "ACTOR_DEFINITION_EVENT",
          "ACTOR_LIFECYCLE_EVENT",
          "NODE_DEFINITION_EVENT",
          "NODE_LIFECYCLE_EVENT");

  /** By which Ray sends its events to the collector. */
  static List<EnvVar> envOfRay() {
    String aggregator = "RAY_DASHBOARD_AGGREGATOR_AGENT_";
    return List.of(
        RayEnvironment.value("RAY_enable_ray_event", "true"),
        RayEnvironment.value("RAY_enable_core_worker_ray_event_to_aggregator", "true"),
        RayEnvironment.value(
            aggregator + "EVENTS_EXPORT_ADDR", "http://localhost:%d/v1/events".formatted(PORT)),
        RayEnvironment.value(aggregator + "EXPOSABLE_EVENT_TYPES", EVENT_TYPES),
        RayEnvironment.value(
            aggregator + "PUBLISHER_HTTP_ENDPOINT_EXPOSABLE_EVENT_TYPES", EVENT_TYPES));
  }

  /**
   * The container.
   *
   * @param logs what the Ray container writes its logs to
   */
  static Container container(RayNode node, VolumeMount logs) {
    CollectorOptions options = node.cluster().getSpec().historyServerOptions().collectorOptions();
    return new ContainerBuilder()
        .withName("ray-history-collector")
        .withImage(options.image())
        .withImagePullPolicy(options.imagePullPolicy())
        .withEnv(env(node, options.env()))
        .withVolumeMounts(logs)
        .withResources(options.resources() == null ? size() : options.resources())
        .build();
  }

  private static List<EnvVar> env(RayNode node, List<EnvVar> user) {
    var cluster = node.cluster().getMetadata();
    List<EnvVar> env = new ArrayList<>();
    env.add(RayEnvironment.field("POD_IP", "status.podIP"));
    env.add(RayEnvironment.value("RAY_CLUSTER_NAME", cluster.getName()));
    env.add(RayEnvironment.value("RAY_CLUSTER_NAMESPACE", cluster.getNamespace()));
    env.add(RayEnvironment.value("RAY_ROLE", node.head() ? "Head" : "Worker"));
    env.add(RayEnvironment.value("EVENTS_PORT", PORT + ""));
    env.add(RayEnvironment.value("FQ_RAY_IP", node.headHost()));
    if (node.head()) {
      env.add(
          RayEnvironment.value(
              "RAY_DASHBOARD_ADDRESS", "http://localhost:" + node.dashboardPort()));
    }
    String owner = cluster.getLabels().get(RayLabels.ORIGINATED_FROM_NAME);
    if (owner != null && !node.creator().equals("RayCluster")) {
      env.add(RayEnvironment.value("OWNER_KIND", node.creator()));
      env.add(RayEnvironment.value("OWNER_NAME", owner));
    }
    env.addAll(user);
    Authentication.addTo(env, node.cluster());
    return env;
  }

  private static ResourceRequirements size() {
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi")))
        .withLimits(Map.of("cpu", new Quantity("200m"), "memory", new Quantity("256Mi")))
        .build();
  }

  private HistoryCollector() {}
}
