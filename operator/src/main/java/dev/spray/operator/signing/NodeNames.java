package dev.spray.operator.signing;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Under which names and addresses a pod may be a server: those by which Ray in other pods reaches
 * it, and no other pod's.
 *
 * @param dns without those of anything outside of the cluster
 * @param addresses IPv4 and IPv6
 */
record NodeNames(List<String> dns, List<String> addresses) {

  /**
   * Those of a pod.
   *
   * @param headService of the cluster; empty when there is none, or the pod is a worker
   * @param domain in which Kubernetes' DNS knows services
   */
  static NodeNames of(RayCluster cluster, Pod pod, Optional<Service> headService, String domain) {
    List<String> dns = new ArrayList<>(List.of("localhost"));
    List<String> addresses = new ArrayList<>(List.of("127.0.0.1", "::1"));
    addresses.addAll(addresses(pod));
    if (isHead(pod)) {
      String name = HeadService.name(cluster);
      String inNamespace = name + "." + cluster.getMetadata().getNamespace();
      dns.addAll(List.of(name, inNamespace, inNamespace + ".svc", inNamespace + ".svc." + domain));
      // Ray looks up the name, and then asks for the address that it was told.
      headService.ifPresent(service -> addresses.addAll(addresses(service)));
    }
    return new NodeNames(List.copyOf(dns), List.copyOf(addresses));
  }

  static boolean isHead(Pod pod) {
    return RayLabels.HEAD.equals(pod.getMetadata().getLabels().get(RayLabels.NODE_TYPE));
  }

  /** Those that its kubelet has told of; none while it hasn't. */
  static List<String> addresses(Pod pod) {
    return pod.getStatus() == null
        ? List.of()
        : pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList();
  }

  private static List<String> addresses(Service service) {
    return service.getSpec().getClusterIPs().stream().filter(ip -> !ip.equals("None")).toList();
  }

  List<GeneralName> subjectAlternatives() {
    return Stream.concat(
            dns.stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
            addresses.stream().map(ip -> new GeneralName(GeneralName.iPAddress, ip)))
        .toList();
  }
}
