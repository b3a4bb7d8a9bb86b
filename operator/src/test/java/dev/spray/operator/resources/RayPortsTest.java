package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.operator.Clusters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RayPortsTest {

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
