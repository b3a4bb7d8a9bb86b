package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryCollectorTest {
  private static final String OPTIONS =
      "historyServerOptions: {collectorOptions: {image: collector, env: [{name: STORAGE_BACKEND,"
          + " value: x}]}}";

  @Test
  void isSmallAndHasNoPullPolicyOfItsOwnUnlessSaidOtherwise() {
    Container collector = collector(head(demo().build()));

    assertThat(collector.getImage()).isEqualTo("collector");
    assertThat(collector.getImagePullPolicy()).isNull();
    assertThat(collector.getResources().getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi")));
    assertThat(collector.getResources().getLimits())
        .isEqualTo(Map.of("cpu", new Quantity("200m"), "memory", new Quantity("256Mi")));
  }

  @Test
  void asksTheDashboardWhereItIs() {
    assertThat(
            collector(head(demo().headParams(Map.of("dashboard-port", "9999")).build())).getEnv())
        .contains(new EnvVar("RAY_DASHBOARD_ADDRESS", "http://localhost:9999", null));
  }

  /** Its own directory would stay empty. */
  @Test
  void readsTheLogsWhereTheUserKeepsThem() {
    Pod head =
        head(
            demo()
                .head(ray ->
                    ray.addNewVolumeMount()
                        .withName("mine")
                        .withMountPath("/tmp/ray")
                        .endVolumeMount())
                .build());

    assertThat(collector(head).getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("mine");
    assertThat(head.getSpec().getVolumes()).extracting(Volume::getName).doesNotContain("ray-logs");
  }

  @Test
  void sharesTheLogsWithTheAutoscaler() {
    Pod head = head(demo().with("enableInTreeAutoscaling: true").build());

    assertThat(head.getSpec().getContainers())
        .extracting(Container::getName)
        .containsExactly("ray-head", "autoscaler", "ray-history-collector");
    assertThat(head.getSpec().getContainers())
        .allSatisfy(container ->
            assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals("/tmp/ray"))
                .extracting(VolumeMount::getName)
                .containsExactly("ray-logs"));
    assertThat(head.getSpec().getVolumes())
        .extracting(Volume::getName)
        .containsExactly("shared-mem", "ray-logs");
  }

  @Test
  void knowsWhoMadeTheCluster() {
    RayCluster cluster = demo().build();
    assertThat(collector(head(cluster)).getEnv())
        .noneMatch(variable -> variable.getName().startsWith("OWNER_"));
    cluster
        .getMetadata()
        .setLabels(
            Map.of(
                RayLabels.ORIGINATED_FROM_CRD,
                "RayJob",
                RayLabels.ORIGINATED_FROM_NAME,
                "nightly"));

    assertThat(collector(head(cluster)).getEnv())
        .contains(
            new EnvVar("OWNER_KIND", "RayJob", null), new EnvVar("OWNER_NAME", "nightly", null));
  }

  private static Clusters demo() {
    return Clusters.named("demo").with(OPTIONS);
  }

  private static Pod head(RayCluster cluster) {
    return RayPod.head(cluster, Pods.SETTINGS);
  }

  private static Container collector(Pod pod) {
    List<Container> containers = pod.getSpec().getContainers();
    return containers.stream()
        .filter(container -> container.getName().equals("ray-history-collector"))
        .findFirst()
        .orElseThrow();
  }
}
