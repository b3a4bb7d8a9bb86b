package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadServiceTest {

  @ParameterizedTest(name = "serviceType {0}: {1}, clusterIP {2}")
  @CsvSource({
    ", ClusterIP, None",
    "'', ClusterIP, None",
    "ClusterIP, ClusterIP, None",
    "NodePort, NodePort, ",
    "LoadBalancer, LoadBalancer, ",
  })
  void aServiceIsHeadlessUnlessAnotherTypeIsAskedFor(String asked, String type, String clusterIp) {
    Service service = Clusters.headService(Clusters.named("demo").serviceType(asked).build());

    assertThat(service.getSpec().getType()).isEqualTo(type);
    assertThat(service.getSpec().getClusterIP()).isEqualTo(clusterIp);
    assertThat(service.getSpec().getPublishNotReadyAddresses())
        .isEqualTo(clusterIp == null ? null : true);
  }

  @Test
  void aHeadWithoutPortsOffersRaysOwn() {
    assertThat(ports(Clusters.named("demo")))
        .containsExactly(
            "client=10001", "dashboard=8265", "gcs-server=6379", "metrics=8080", "serve=8000");
  }

  @Test
  void aHeadsPortsAreOfferedWithMetricsAdded() {
    Clusters cluster =
        Clusters.named("demo")
            .head(ray ->
                ray.addNewPort()
                    .withName("gcs")
                    .withContainerPort(7000)
                    .endPort()
                    .addNewPort()
                    .withContainerPort(9999)
                    .endPort());

    assertThat(ports(cluster)).containsExactly("9999-port=9999", "gcs=7000", "metrics=8080");
  }

  @Test
  void ownMetricsPortsAreKept() {
    Clusters cluster =
        Clusters.named("demo")
            .head(ray -> ray.addNewPort().withName("metrics").withContainerPort(9000).endPort());

    assertThat(ports(cluster)).containsExactly("metrics=9000");
  }

  /** A service may have a number only once. */
  @Test
  void metricsAreNotAddedWhenTheirPortIsTaken() {
    Clusters cluster =
        Clusters.named("demo")
            .head(ray -> ray.addNewPort().withName("http").withContainerPort(8080).endPort());

    assertThat(ports(cluster)).containsExactly("http=8080");
  }

  @Test
  void aLongNameMakesAValidIdentifier() {
    String name = "c".repeat(40) + "-" + "d".repeat(18);

    String identifier = Identity.labels(name, RayLabels.WORKER).get(RayLabels.IDENTIFIER);

    assertThat(identifier).hasSize(63).matches("[A-Za-z0-9].*").endsWith("-worker");
    assertThat(Identity.labels("demo", RayLabels.HEAD))
        .containsEntry(RayLabels.IDENTIFIER, "demo-head");
  }

  @Test
  void anIdentifierThatIsCutAtADashStartsWithALetter() {
    String name = "abc-" + "d".repeat(55);

    assertThat(Identity.labels(name, RayLabels.WORKER).get(RayLabels.IDENTIFIER))
        .isEqualTo("r" + "d".repeat(55) + "-worker");
  }

  private static String[] ports(Clusters cluster) {
    return Clusters.headService(cluster.build()).getSpec().getPorts().stream()
        .map(HeadServiceTest::described)
        .toArray(String[]::new);
  }

  private static String described(ServicePort port) {
    assertThat(port.getTargetPort().getIntVal()).isEqualTo(port.getPort());
    assertThat(port.getProtocol()).isEqualTo("TCP");
    assertThat(port.getAppProtocol()).isEqualTo("tcp");
    return port.getName() + "=" + port.getPort();
  }
}
