package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;

/** The service by which callers reach Ray Serve, on whichever node; made on demand. */
public final class ServeService {
  private static final String SUFFIX = "-serve-svc";

  /** {@code <cluster>-serve-svc}. */
  public static String name(RayCluster cluster) {
    return cluster.getMetadata().getName() + SUFFIX;
  }

  /** Whether an annotation asks for it. */
  public static boolean isAskedFor(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations != null && "true".equals(annotations.get(RayLabels.ENABLE_SERVE_SERVICE));
  }

  /** Whether the head offers Serve; a service without ports can't be made. */
  public static boolean isPossible(RayCluster cluster) {
    return !ports(cluster).isEmpty();
  }

  static Service desired(RayCluster cluster) {
    String owner = cluster.getMetadata().getName();
    String type = cluster.getSpec().headGroupSpec().serviceType();
    return new ServiceBuilder()
        .withMetadata(
            Identity.metadata(
                cluster,
                name(cluster),
                Map.of(
                    RayLabels.CLUSTER,
                    owner,
                    RayLabels.ORIGINATED_FROM_NAME,
                    owner,
                    RayLabels.ORIGINATED_FROM_CRD,
                    cluster.getKind(),
                    RayLabels.SERVE,
                    owner + "-serve")))
        .withNewSpec()
        .withType(type == null || type.isEmpty() ? "ClusterIP" : type)
        .withSelector(Map.of(RayLabels.CLUSTER, owner))
        .withPorts(ports(cluster))
        .endSpec()
        .build();
  }

  /** Those of the head that are called {@code serve}, or {@code serve-grpc} for example. */
  private static List<ServicePort> ports(RayCluster cluster) {
    return HeadService.ports(cluster).stream()
        .filter(port -> port.getName().equals("serve") || port.getName().startsWith("serve-"))
        .map(port -> port.edit().withAppProtocol(null).build())
        .toList();
  }

  private ServeService() {}
}
