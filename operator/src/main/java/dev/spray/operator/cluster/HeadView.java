package dev.spray.operator.cluster;

import dev.spray.api.raycluster.HeadInfo;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the status says of where a cluster's head is; pure. */
final class HeadView {

  /** Its pod and its service. */
  static HeadInfo of(RayCluster cluster, ObservedCluster observed) {
    Optional<ObservedPod> pod = observed.liveHead();
    Optional<Service> service = service(cluster, observed);
    Optional<String> ip = pod.flatMap(ObservedPod::ip);
    return new HeadInfo(
        ip.orElse(null),
        pod.map(ObservedPod::name).orElse(null),
        service
            .map(s -> s.getSpec().getClusterIP())
            .filter(clusterIp -> !clusterIp.equals("None"))
            .or(() -> ip)
            .orElse(null),
        service.map(s -> s.getMetadata().getName()).orElse(null));
  }

  /** Ports of its service by name; null when there are none. */
  static Map<String, String> endpoints(RayCluster cluster, ObservedCluster observed) {
    Map<String, String> endpoints = new TreeMap<>();
    service(cluster, observed).map(found -> found.getSpec().getPorts()).orElse(List.of()).stream()
        .filter(port -> port.getName() != null)
        .forEach(port -> endpoints.put(port.getName(), reachableAt(port)));
    return endpoints.isEmpty() ? null : endpoints;
  }

  private static String reachableAt(ServicePort port) {
    boolean onNodes = port.getNodePort() != null && port.getNodePort() != 0;
    if (onNodes || port.getTargetPort() == null) {
      return (onNodes ? port.getNodePort() : port.getPort()).toString();
    }
    return port.getTargetPort().getValue().toString();
  }

  private static Optional<Service> service(RayCluster cluster, ObservedCluster observed) {
    return observed.service(HeadService.name(cluster));
  }

  private HeadView() {}
}
