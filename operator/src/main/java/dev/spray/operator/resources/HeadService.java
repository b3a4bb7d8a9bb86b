package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The service by which workers, jobs and people reach the head. */
public final class HeadService {

  /** The name that the user gave it, else {@code <cluster>-head-svc}. */
  public static String name(RayCluster cluster) {
    String given = given(cluster).getMetadata().getName();
    return given == null || given.isEmpty() ? cluster.getMetadata().getName() + "-head-svc" : given;
  }

  static Service desired(RayCluster cluster, ChildSettings settings) {
    return new ServiceBuilder()
        .withMetadata(Identity.metadata(cluster, name(cluster), labels(cluster)))
        .editMetadata()
        .withAnnotations(annotations(cluster))
        .endMetadata()
        .withSpec(spec(cluster, settings))
        .editSpec()
        .withSelector(selector(cluster))
        .endSpec()
        .build();
  }

  /** A service that the user describes is taken at his word; by default it is headless. */
  private static ServiceSpec spec(RayCluster cluster, ChildSettings settings) {
    String type = cluster.getSpec().headGroupSpec().serviceType();
    String asked = type == null || type.isEmpty() ? "ClusterIP" : type;
    if (cluster.getSpec().headGroupSpec().headService() != null) {
      ServiceSpec given = given(cluster).getSpec();
      String own = given.getType();
      String address = given.getClusterIP();
      return given
          .edit()
          .withType(own == null || own.isEmpty() ? asked : own)
          // An empty one asks for any: what the API server chooses is no difference to repair.
          .withClusterIP(address == null || address.isEmpty() ? null : address)
          .withPorts(offered(cluster))
          .build();
    }
    ServiceSpecBuilder spec = new ServiceSpecBuilder().withType(asked).withPorts(ports(cluster));
    if (asked.equals("ClusterIP") && !settings.headClusterIp()) {
      // A headless service finds a head that isn't ready yet, so that workers can wait for it.
      spec.withClusterIP("None").withPublishNotReadyAddresses(true);
    }
    if (Workspace.of(cluster.getSpec().platform()).isPresent()) {
      // Whose end makes the whole pod count as unready, while Ray in it is well.
      spec.withPublishNotReadyAddresses(true);
    }
    return spec.build();
  }

  /** What no edit of the spec changes: the head pod keeps the labels that it was made with. */
  private static Map<String, String> selector(RayCluster cluster) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.HEAD);
    labels.remove(RayLabels.APP_NAME);
    return labels;
  }

  /** Those of a head pod, of which its template may change the application's name. */
  private static Map<String, String> labels(RayCluster cluster) {
    Map<String, String> labels = new LinkedHashMap<>(given(cluster).getMetadata().getLabels());
    labels.putAll(Identity.labels(cluster.getMetadata().getName(), RayLabels.HEAD));
    ObjectMeta template = cluster.getSpec().headGroupSpec().template().getMetadata();
    if (template != null && template.getLabels().containsKey(RayLabels.APP_NAME)) {
      labels.put(RayLabels.APP_NAME, template.getLabels().get(RayLabels.APP_NAME));
    }
    return labels;
  }

  private static Map<String, String> annotations(RayCluster cluster) {
    Map<String, String> annotations =
        new LinkedHashMap<>(given(cluster).getMetadata().getAnnotations());
    annotations.putAll(cluster.getSpec().headServiceAnnotations());
    return annotations;
  }

  /** The head's ports as a service offers them, by name. */
  static List<ServicePort> ports(RayCluster cluster) {
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

  /** The ports of the service: those that the user gives it, and the head's. */
  static List<ServicePort> offered(RayCluster cluster) {
    return merged(given(cluster).getSpec().getPorts(), ports(cluster));
  }

  /** A service may have a name and a number only once: the user's word counts. */
  private static List<ServicePort> merged(List<ServicePort> given, List<ServicePort> ours) {
    Stream<ServicePort> others =
        ours.stream()
            .filter(port ->
                given.stream()
                    .noneMatch(other ->
                        port.getName().equals(other.getName())
                            || (port.getPort().equals(other.getPort()) && isTcp(other))));
    return Stream.concat(given.stream().map(HeadService::withoutZero), others).toList();
  }

  /** As with an empty address. */
  private static ServicePort withoutZero(ServicePort port) {
    Integer nodePort = port.getNodePort();
    return nodePort != null && nodePort == 0 ? port.edit().withNodePort(null).build() : port;
  }

  private static boolean isTcp(ServicePort port) {
    String protocol = port.getProtocol();
    return protocol == null || protocol.isEmpty() || protocol.equals("TCP");
  }

  /** What the user says of the service; empty when nothing. */
  private static Service given(RayCluster cluster) {
    Service given = cluster.getSpec().headGroupSpec().headService();
    ServiceBuilder complete = given == null ? new ServiceBuilder() : new ServiceBuilder(given);
    return complete.editOrNewMetadata().endMetadata().editOrNewSpec().endSpec().build();
  }

  private HeadService() {}
}
