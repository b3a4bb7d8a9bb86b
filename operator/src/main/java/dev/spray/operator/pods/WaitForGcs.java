package dev.spray.operator.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The init container that holds a worker back until the cluster's GCS answers. */
final class WaitForGcs {

  /**
   * Waits for the port by bash alone, because each {@code ray health-check} starts a Python
   * interpreter, and asks Ray only once the port is open.
   */
  private static final String SCRIPT =
      """
      until (exec 3<>/dev/tcp/%1$s/%2$s) 2>/dev/null && ray health-check --address %1$s:%2$s >/dev/null 2>&1; do
        if (( SECONDS > 120 )); then
          echo "$SECONDS s: the GCS at %1$s:%2$s does not answer; is the head pod running?"
        fi
        sleep 2
      done
      echo "The GCS answers after $SECONDS s."
      """;

  static Container container(RayNode node) {
    Container ray = node.container();
    Map<String, Quantity> size =
        Map.of("cpu", new Quantity("200m"), "memory", new Quantity("256Mi"));
    List<EnvVar> env = new ArrayList<>(ray.getEnv());
    Authentication.addTo(env, node.cluster());
    Encryption.addTo(env, node);
    env.addAll(RayEnvironment.gcsAddress(node));
    Container container =
        new ContainerBuilder()
            .withName("wait-gcs-ready")
            .withImage(ray.getImage())
            .withImagePullPolicy(ray.getImagePullPolicy())
            .withCommand(node.settings().shell())
            .withArgs(SCRIPT.formatted(node.headHost(), node.gcsPort()))
            .withEnv(env)
            .withVolumeMounts(ray.getVolumeMounts())
            .withSecurityContext(ray.getSecurityContext())
            .withResources(
                new ResourceRequirementsBuilder().withRequests(size).withLimits(size).build())
            .build();
    return Encryption.mountIn(Authentication.mountIn(container, node.cluster()), node);
  }

  private WaitForGcs() {}
}
