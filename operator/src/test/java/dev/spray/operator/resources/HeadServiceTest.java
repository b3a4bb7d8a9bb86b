package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadServiceTest {
  private static final String DESCRIBED =
      """
      headServiceAnnotations: {both: cluster, theirs: cluster}
      headGroupSpec:
        serviceType: NodePort
        headService:
          metadata:
            name: mine
            namespace: elsewhere
            labels: {team: a, ray.io/cluster: other}
            annotations: {both: service, mine: service}
          spec:
            type: LoadBalancer
            loadBalancerSourceRanges: [10.0.0.0/8]
            selector: {app: other}
            ports:
            - {name: ui, port: 8265, targetPort: 8265}
            - {name: client, port: 443, targetPort: 10001}
            - {name: dns, port: 8080, protocol: UDP}
      """;

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

  /** A running head keeps the labels that it was made with. */
  @Test
  void anotherLabelInTheTemplateDoesNotCutTheRunningHeadOff() {
    Service before = Clusters.headService(Clusters.named("demo").build());
    Service after =
        Clusters.headService(
            Clusters.named("demo")
                .with(
                    """
                    headGroupSpec:
                      template: {metadata: {labels: {app.kubernetes.io/name: mine}}}
                    """)
                .build());

    assertThat(after.getSpec().getSelector()).isEqualTo(before.getSpec().getSelector());
    assertThat(after.getMetadata().getLabels()).containsEntry(RayLabels.APP_NAME, "mine");
  }

  /** Else every pass would find another one there and apply it again. */
  @Test
  void whatIsLeftToTheApiServerIsNoWish() {
    Service service =
        Clusters.headService(
            Clusters.named("demo")
                .with(
                    """
                    headGroupSpec:
                      headService:
                        spec: {clusterIP: "", ports: [{name: ui, port: 80, nodePort: 0}]}
                    """)
                .build());

    assertThat(service.getSpec().getClusterIP()).isNull();
    assertThat(service.getSpec().getPorts()).allMatch(port -> port.getNodePort() == null);
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
  void theOperatorMayGiveItAnAddressByDefault() {
    RayCluster cluster = Clusters.named("demo").build();

    Service service = HeadService.desired(cluster, new ChildSettings(true, true));

    assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(service.getSpec().getClusterIP()).isNull();
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isNull();
  }

  @Test
  void aServiceThatTheUserDescribesIsHisButForWhatMakesItTheHeads() {
    RayCluster cluster = Clusters.named("demo").with(DESCRIBED).build();

    Service service = Clusters.headService(cluster);

    assertThat(HeadService.name(cluster)).isEqualTo("mine");
    assertThat(service.getMetadata().getName()).isEqualTo("mine");
    assertThat(service.getMetadata().getNamespace()).isEqualTo("playground");
    assertThat(service.getMetadata().getLabels())
        .containsEntry("team", "a")
        .containsEntry(RayLabels.CLUSTER, "demo");
    assertThat(service.getMetadata().getAnnotations())
        .containsEntry("both", "cluster")
        .containsEntry("theirs", "cluster")
        .containsEntry("mine", "service");
    assertThat(service.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(service.getSpec().getSelector())
        .containsEntry(RayLabels.CLUSTER, "demo")
        .containsEntry(RayLabels.NODE_TYPE, RayLabels.HEAD)
        .doesNotContainKey("app");
    assertThat(service.getSpec().getType()).isEqualTo("LoadBalancer");
    assertThat(service.getSpec().getClusterIP()).isNull();
    assertThat(service.getSpec().getLoadBalancerSourceRanges()).containsExactly("10.0.0.0/8");
  }

  /** The API server refuses a name that is there twice, and a number. */
  @Test
  void ofTwoPortsWithOneNameOrNumberTheUsersIsOffered() {
    Service service = Clusters.headService(Clusters.named("demo").with(DESCRIBED).build());

    assertThat(service.getSpec().getPorts())
        .extracting(port -> port.getName() + "=" + port.getPort())
        .containsExactly(
            "ui=8265", "client=443", "dns=8080", "gcs-server=6379", "metrics=8080", "serve=8000");
  }

  @Test
  void aDescriptionThatSaysLittleLeavesTheRestAsItIs() {
    RayCluster cluster =
        Clusters.named("demo")
            .serviceType("NodePort")
            .with("headGroupSpec: {headService: {metadata: {labels: {team: a}}}}")
            .build();

    Service service = Clusters.headService(cluster);

    assertThat(service.getMetadata().getName()).isEqualTo("demo-head-svc");
    assertThat(service.getSpec().getType()).isEqualTo("NodePort");
    assertThat(service.getSpec().getPorts()).hasSize(5);
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
