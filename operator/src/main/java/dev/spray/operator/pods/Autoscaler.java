package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.AutoscalerOptions;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The container beside the head in which Ray's autoscaler runs: it reads the RayCluster and writes
 * the groups' {@code replicas} and {@code workersToDelete}.
 */
final class Autoscaler {
  private static final String START =
      "ray kuberay-autoscaler --cluster-name $(RAY_CLUSTER_NAME)"
          + " --cluster-namespace $(RAY_CLUSTER_NAMESPACE)";

  static Container container(RayNode node) {
    AutoscalerOptions options = node.cluster().getSpec().autoscaler();
    // Before the user's variables, of which the last one of a name counts.
    List<EnvVar> own = new ArrayList<>();
    Authentication.addTo(own, node.cluster());
    Encryption.addTo(own, node);
    Container container =
        new ContainerBuilder()
            .withName("autoscaler")
            .withImage(Objects.requireNonNullElse(options.image(), node.container().getImage()))
            .withImagePullPolicy(
                Objects.requireNonNullElse(options.imagePullPolicy(), "IfNotPresent"))
            .withCommand(orElse(options.command(), node.settings().shell()))
            .withArgs(orElse(options.args(), List.of(START)))
            .withEnv(
                RayEnvironment.field("RAY_CLUSTER_NAME", RayEnvironment.label(RayLabels.CLUSTER)),
                RayEnvironment.field("RAY_CLUSTER_NAMESPACE", "metadata.namespace"),
                RayEnvironment.field("RAY_HEAD_POD_NAME", "metadata.name"),
                RayEnvironment.value("KUBERAY_CRD_VER", "v1"),
                RayEnvironment.value("KUBERAY_GEN_AUTOSCALER_START_CMD", START))
            .addAllToEnv(own)
            .addAllToEnv(options.env())
            .withEnvFrom(options.envFrom())
            .withVolumeMounts(options.volumeMounts())
            .withSecurityContext(options.securityContext())
            .withResources(options.resources() == null ? size() : options.resources())
            .build();
    return Encryption.mountIn(Authentication.mountIn(container, node.cluster()), node);
  }

  private static ResourceRequirements size() {
    Map<String, Quantity> size =
        Map.of("cpu", new Quantity("500m"), "memory", new Quantity("512Mi"));
    return new ResourceRequirementsBuilder().withRequests(size).withLimits(size).build();
  }

  private static List<String> orElse(List<String> own, List<String> byDefault) {
    return own.isEmpty() ? byDefault : own;
  }

  private Autoscaler() {}
}
