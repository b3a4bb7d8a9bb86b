package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.ContainerPort;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RayPortsTest {

  /** The API server takes no service that offers it twice. */
  @Test
  void aNumberForTcpAndUdpIsOfferedOnce() {
    ContainerPort udp = new ContainerPort(8265, null, null, "dash", "UDP");
    ContainerPort tcp = new ContainerPort(8265, null, null, "dashboard", "TCP");
    var cluster = Clusters.named("demo").head(ray -> ray.withPorts(udp, tcp)).build();

    assertThat(HeadService.ports(cluster))
        .extracting(port -> port.getName() + "=" + port.getPort())
        .containsExactly("dashboard=8265", "metrics=8080");
  }

  @Test
  void theDashboardListensWhereTheParametersSay() {
    Clusters cluster =
        Clusters.named("demo")
            .head(ray -> ray.addNewPort().withName("dashboard").withContainerPort(9265).endPort());

    assertThat(RayPorts.ofDashboard(Clusters.named("demo").build())).isEqualTo(8265);
    assertThat(RayPorts.ofDashboard(cluster.build())).isEqualTo(9265);
    assertThat(RayPorts.ofDashboard(cluster.headParams(Map.of("dashboard-port", "80")).build()))
        .isEqualTo(80);
    assertThat(RayPorts.ofDashboard(cluster.headParams(Map.of("dashboard-port", "$P")).build()))
        .as("only the shell knows")
        .isEqualTo(9265);
  }
}
