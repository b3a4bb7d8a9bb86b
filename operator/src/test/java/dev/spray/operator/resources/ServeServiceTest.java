package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeServiceTest {
  private static final Map<String, String> ASKED = Map.of(RayLabels.ENABLE_SERVE_SERVICE, "true");

  @Test
  void itLeadsToTheServePortsOfAllPods() {
    Service service = service(Clusters.named("demo").annotations(ASKED).build()).orElseThrow();

    assertThat(service.getSpec().getSelector()).isEqualTo(Map.of(RayLabels.CLUSTER, "demo"));
    assertThat(service.getSpec().getPorts()).extracting(ServicePort::getPort).containsExactly(8000);
    assertThat(service.getSpec().getPorts().getFirst().getAppProtocol()).isNull();
    assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(service.getSpec().getClusterIP()).as("it has an address").isNull();
    assertThat(service.getMetadata().getLabels())
        .containsEntry("ray.io/serve", "demo-serve")
        .containsEntry("ray.io/originated-from-cr-name", "demo")
        .containsEntry("ray.io/originated-from-crd", "RayCluster");
  }

  @Test
  void everyPortOfServeIsOffered() {
    RayCluster cluster =
        Clusters.named("demo")
            .annotations(ASKED)
            .serviceType("NodePort")
            .head(ray ->
                ray.addNewPort()
                    .withName("serve-grpc")
                    .withContainerPort(9000)
                    .endPort()
                    .addNewPort()
                    .withName("served")
                    .withContainerPort(9001)
                    .endPort())
            .build();

    Service service = service(cluster).orElseThrow();

    assertThat(service.getSpec().getPorts()).extracting(ServicePort::getPort).containsExactly(9000);
    assertThat(service.getSpec().getType()).isEqualTo("NodePort");
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "True", ""})
  void itIsMadeOnlyOnDemand(String asked) {
    Map<String, String> annotations = Map.of(RayLabels.ENABLE_SERVE_SERVICE, asked);

    assertThat(service(Clusters.named("demo").annotations(annotations).build())).isEmpty();
  }

  @Test
  void withoutAPortItIsNotMade() {
    RayCluster cluster =
        Clusters.named("demo")
            .annotations(ASKED)
            .head(ray -> ray.addNewPort().withName("client").withContainerPort(10001).endPort())
            .build();

    assertThat(service(cluster)).isEmpty();
  }

  private static Optional<Service> service(RayCluster cluster) {
    return Children.desired(cluster, List.of(), ChildSettings.DEFAULT).stream()
        .map(child -> (Service) child.object())
        .filter(service -> service.getMetadata().getName().equals("demo-serve-svc"))
        .findFirst();
  }
}
