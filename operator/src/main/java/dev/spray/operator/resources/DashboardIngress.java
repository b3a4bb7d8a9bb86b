package dev.spray.operator.resources;

import dev.spray.api.ClippedName;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.IngressOptions;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The way from outside to the head's dashboard; made on demand. */
public final class DashboardIngress {
  /** Names the Ingress class; on an Ingress itself it is deprecated and excludes the field. */
  private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";

  /** Where {@code kubectl apply} keeps the RayCluster's manifest. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** {@code <cluster>-head-ingress}, of which a long one keeps its end. */
  static String name(RayCluster cluster) {
    return ClippedName.of(cluster.getMetadata().getName() + "-head-ingress");
  }

  static Ingress desired(RayCluster cluster) {
    IngressOptions options = cluster.getSpec().headGroupSpec().ingress();
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.HEAD);
    labels.remove(RayLabels.NODE_TYPE);
    Map<String, String> annotations = annotations(cluster);
    String ingressClass = annotations.remove(INGRESS_CLASS);
    return new IngressBuilder()
        .withMetadata(Identity.metadata(cluster, name(cluster), labels))
        .editMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withIngressClassName(ingressClass)
        .withTls(options.tls())
        .addNewRule()
        .withHost(options.host())
        .withNewHttp()
        .addNewPath()
        .withPath(options.path() == null ? "/" : options.path())
        .withPathType(options.pathType() == null ? "Prefix" : options.pathType())
        .withNewBackend()
        .withNewService()
        .withName(HeadService.name(cluster))
        .withNewPort()
        .withNumber(dashboard(cluster))
        .endPort()
        .endService()
        .endBackend()
        .endPath()
        .endHttp()
        .endRule()
        .endSpec()
        .build();
  }

  /** The cluster's, by which users tell the Ingress controller what else they want. */
  private static Map<String, String> annotations(RayCluster cluster) {
    Map<String, String> annotations = new LinkedHashMap<>();
    if (cluster.getMetadata().getAnnotations() != null) {
      annotations.putAll(cluster.getMetadata().getAnnotations());
    }
    annotations.remove(LAST_APPLIED);
    return annotations;
  }

  /** Of the head service, whose user may have given it another one than the head has. */
  private static int dashboard(RayCluster cluster) {
    return HeadService.offered(cluster).stream()
        .filter(port -> "dashboard".equals(port.getName()))
        .map(port -> port.getPort())
        .findFirst()
        .orElseGet(() -> RayPorts.ofDashboard(cluster));
  }

  private DashboardIngress() {}
}
