package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;
import java.util.Map;

/** The service by which workers, jobs and people reach the head. */
public final class HeadService {

  /** {@code <cluster>-head-svc}. */
  public static String name(RayCluster cluster) {
    return cluster.getMetadata().getName() + "-head-svc";
  }

  static Service desired(RayCluster cluster, ChildSettings settings) {
    Map<String, String> labels = labels(cluster);
    String type = cluster.getSpec().headGroupSpec().serviceType();
    // A headless service finds a head that isn't ready yet, so that workers can wait for it.
    boolean clusterIp = type == null || type.isEmpty() || type.equals("ClusterIP");
    boolean headless = clusterIp && !settings.headClusterIp();
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name(cluster))
        .withNamespace(cluster.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(List.of(Identity.owner(cluster)))
        .endMetadata()
        .withNewSpec()
        .withType(clusterIp ? "ClusterIP" : type)
        .withClusterIP(headless ? "None" : null)
        .withPublishNotReadyAddresses(headless ? true : null)
        .withSelector(labels)
        .withPorts(ports(cluster))
        .endSpec()
        .build();
  }

  /** The head pod's, of which its template may have changed the application's name. */
  private static Map<String, String> labels(RayCluster cluster) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.HEAD);
    ObjectMeta template = cluster.getSpec().headGroupSpec().template().getMetadata();
    if (template != null && template.getLabels().containsKey(RayLabels.APP_NAME)) {
      labels.put(RayLabels.APP_NAME, template.getLabels().get(RayLabels.APP_NAME));
    }
    return labels;
  }

  private static List<ServicePort> ports(RayCluster cluster) {
    var ray = cluster.getSpec().headGroupSpec().template().getSpec().getContainers().getFirst();
    return RayPorts.ofHead(ray).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(port ->
            new ServicePortBuilder()
                .withName(port.getKey())
                .withPort(port.getValue())
                .withNewTargetPort(port.getValue())
                .withProtocol("TCP")
                .withAppProtocol("tcp")
                .build())
        .toList();
  }

  private HeadService() {}
}
