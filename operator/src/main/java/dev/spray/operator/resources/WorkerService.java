package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;

/** The headless service by which the hosts of a multi-host replica find each other. */
public final class WorkerService {

  /** {@code <cluster>-headless}: also the subdomain of its pods' host names. */
  public static String name(RayCluster cluster) {
    return cluster.getMetadata().getName() + "-headless";
  }

  /** Whether some replica has several hosts. */
  public static boolean isNeeded(RayClusterSpec spec) {
    return spec.workerGroupSpecs().stream().anyMatch(group -> group.hosts() > 1);
  }

  static Service desired(RayCluster cluster) {
    String owner = cluster.getMetadata().getName();
    return new ServiceBuilder()
        .withMetadata(
            Identity.metadata(
                cluster,
                name(cluster),
                Map.of(RayLabels.HEADLESS_WORKER_SERVICE, owner, RayLabels.CLUSTER, owner)))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        // The hosts look for each other before they are ready.
        .withPublishNotReadyAddresses(true)
        .withSelector(Map.of(RayLabels.CLUSTER, owner, RayLabels.NODE_TYPE, RayLabels.WORKER))
        .endSpec()
        .build();
  }

  private WorkerService() {}
}
