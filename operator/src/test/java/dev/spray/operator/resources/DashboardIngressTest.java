package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DashboardIngressTest {

  @Test
  void withoutOptionsEveryHostAndPathLeadToTheDashboard() {
    Ingress ingress = ingress(Clusters.named("demo"));

    assertThat(ingress.getMetadata().getName()).isEqualTo("demo-head-ingress");
    assertThat(ingress.getSpec().getIngressClassName()).isNull();
    assertThat(ingress.getSpec().getTls()).isEmpty();
    assertThat(ingress.getSpec().getRules().getFirst().getHost()).isNull();
    assertThat(path(ingress).getPath()).isEqualTo("/");
    assertThat(path(ingress).getPathType()).isEqualTo("Prefix");
    assertThat(backend(ingress)).isEqualTo("demo-head-svc:8265");
  }

  @Test
  void optionsArePassedOn() {
    Ingress ingress =
        ingress(
            Clusters.named("demo")
                .with(
                    """
                    headGroupSpec:
                      ingressOptions:
                        host: ray.example.com
                        path: /demo
                        pathType: Exact
                        tls: [{hosts: [ray.example.com], secretName: cert}]
                    """));

    assertThat(ingress.getSpec().getRules().getFirst().getHost()).isEqualTo("ray.example.com");
    assertThat(path(ingress).getPath()).isEqualTo("/demo");
    assertThat(path(ingress).getPathType()).isEqualTo("Exact");
    assertThat(ingress.getSpec().getTls().getFirst().getSecretName()).isEqualTo("cert");
  }

  @Test
  void itFollowsTheHeadsServiceAndDashboardPort() {
    Clusters cluster =
        Clusters.named("demo")
            .head(ray -> ray.addNewPort().withName("dashboard").withContainerPort(9265).endPort())
            .with("headGroupSpec: {headService: {metadata: {name: mine}}}");

    assertThat(backend(ingress(cluster))).isEqualTo("mine:9265");
  }

  @Test
  void itFollowsThePortThatTheUserGivesTheService() {
    Clusters cluster =
        Clusters.named("demo")
            .with(
                """
                headGroupSpec:
                  headService:
                    spec:
                      ports: [{name: dashboard, port: 80, targetPort: 8265}, {port: 81}]
                """);

    assertThat(backend(ingress(cluster))).isEqualTo("demo-head-svc:80");
  }

  /** So users tell their Ingress controller what they want. */
  @Test
  void theClustersAnnotationsArePassedOnButForThoseThatMeanTheClusterItself() {
    Ingress ingress =
        ingress(
            Clusters.named("demo")
                .annotations(
                    Map.of(
                        "kubernetes.io/ingress.class", "nginx",
                        "nginx.ingress.kubernetes.io/rewrite-target", "/$1",
                        "kubectl.kubernetes.io/last-applied-configuration", "{}")));

    assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
    assertThat(ingress.getMetadata().getAnnotations())
        .containsEntry("nginx.ingress.kubernetes.io/rewrite-target", "/$1")
        .doesNotContainKeys(
            "kubernetes.io/ingress.class", "kubectl.kubernetes.io/last-applied-configuration");
  }

  @Test
  void aLongNameKeepsItsEnd() {
    Ingress ingress = ingress(Clusters.named("c".repeat(40)));

    assertThat(ingress.getMetadata().getName()).isEqualTo("c".repeat(37) + "-head-ingress");
  }

  private static HTTPIngressPath path(Ingress ingress) {
    return ingress.getSpec().getRules().getFirst().getHttp().getPaths().getFirst();
  }

  private static String backend(Ingress ingress) {
    var service = path(ingress).getBackend().getService();
    return service.getName() + ":" + service.getPort().getNumber();
  }

  private static Ingress ingress(Clusters cluster) {
    return DashboardIngress.desired(cluster.with("headGroupSpec: {enableIngress: true}").build());
  }
}
