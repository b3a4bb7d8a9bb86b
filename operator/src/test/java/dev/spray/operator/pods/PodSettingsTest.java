package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each of the operator's options does to pods. */
class PodSettingsTest {
  private static final RayCluster CLUSTER =
      Clusters.named("demo").group("small", 1).with("enableInTreeAutoscaling: true").build();

  @Test
  void servicesAreFoundInTheClustersDomain() {
    PodSettings settings = new PodSettings("0", "ray.example", false, true, true, PodDefaults.NONE);

    Pod worker = worker(CLUSTER, settings);

    String host = "demo-head-svc.playground.svc.ray.example";
    assertThat(env(worker, "FQ_RAY_IP")).isEqualTo(host);
    assertThat(env(worker, "RAY_IP")).isEqualTo("demo-head-svc");
    assertThat(env(worker, "RAY_ADDRESS")).isEqualTo(host + ":6379");
    assertThat(ray(worker).getArgs().getFirst()).contains(" --address=" + host + ":6379 ");
    assertThat(worker.getSpec().getInitContainers().getFirst().getArgs().getFirst())
        .contains(host)
        .doesNotContain(PodSettings.CLUSTER_DOMAIN);
  }

  @Test
  void everyShellOfOursIsALoginShell() {
    PodSettings settings =
        new PodSettings("0", PodSettings.CLUSTER_DOMAIN, true, true, true, PodDefaults.NONE);

    Pod worker = worker(CLUSTER, settings);
    assertThat(
            Stream.of(
                    RayPod.head(CLUSTER, settings).getSpec().getContainers(),
                    worker.getSpec().getContainers(),
                    worker.getSpec().getInitContainers())
                .flatMap(List::stream))
        .hasSize(4)
        .allSatisfy(container ->
            assertThat(container.getCommand()).containsExactly("/bin/bash", "-cl", "--"));
  }

  @Test
  void withoutProbesOnlyTheUsersAreLeft() {
    PodSettings settings =
        new PodSettings("0", PodSettings.CLUSTER_DOMAIN, false, false, true, PodDefaults.NONE);
    RayCluster own =
        Clusters.named("demo")
            .head(ray -> ray.withNewLivenessProbe().withPeriodSeconds(7).endLivenessProbe())
            .build();

    assertThat(ray(worker(CLUSTER, settings)).getLivenessProbe()).isNull();
    assertThat(ray(worker(CLUSTER, settings)).getReadinessProbe()).isNull();
    assertThat(ray(RayPod.head(CLUSTER, settings)).getLivenessProbe()).isNull();
    assertThat(ray(RayPod.head(own, settings)).getLivenessProbe().getPeriodSeconds()).isEqualTo(7);
    assertThat(ray(RayPod.head(own, settings)).getReadinessProbe()).isNull();
  }

  @Test
  void withoutTheInitContainerNoWorkerWaits() {
    PodSettings settings =
        new PodSettings("0", PodSettings.CLUSTER_DOMAIN, false, true, false, PodDefaults.NONE);

    assertThat(worker(CLUSTER, settings).getSpec().getInitContainers()).isEmpty();
  }

  @Test
  void sidecarsGoToHeadsOrToWorkers() {
    PodSettings settings =
        with(
            new PodDefaults(
                null,
                null,
                null,
                List.of(container("of-heads")),
                List.of(container("of-workers"))));

    assertThat(RayPod.head(CLUSTER, settings).getSpec().getContainers())
        .extracting(Container::getName)
        .containsExactly("ray-head", "autoscaler", "of-heads");
    assertThat(worker(CLUSTER, settings).getSpec().getContainers())
        .extracting(Container::getName)
        .containsExactly("ray-worker", "of-workers");
  }

  @Test
  void variablesAreAddedWhereTheUserHasNone() {
    PodSettings settings =
        with(
            new PodDefaults(
                List.of(
                    new EnvVar("MINE", "theirs", null),
                    new EnvVar("OTHER", "x", null),
                    new EnvVar("RAY_ADDRESS", "ray:1", null)),
                null,
                null,
                null,
                null));
    RayCluster cluster =
        Clusters.named("demo").head(ray -> ray.addNewEnv().withName("MINE").endEnv()).build();

    Pod head = RayPod.head(cluster, settings);

    assertThat(ray(head).getEnv())
        .extracting(EnvVar::getName)
        .startsWith("MINE", "OTHER", "RAY_ADDRESS")
        .doesNotHaveDuplicates();
    assertThat(env(head, "MINE")).isNull();
    assertThat(env(head, "RAY_ADDRESS")).as("as if the user had written it").isEqualTo("ray:1");
    assertThat(env(worker(CLUSTER, settings), "OTHER")).isEqualTo("x");
  }

  @Test
  void labelsAndAnnotationsAreAddedWhereThereAreNone() {
    PodSettings settings =
        with(
            new PodDefaults(
                null,
                Map.of(
                    "team",
                    "theirs",
                    "tier",
                    "ray",
                    RayLabels.CLUSTER,
                    "x",
                    RayLabels.APP_NAME,
                    "x"),
                Map.of("note", "theirs", "scrape", "yes", RayLabels.FT_ENABLED, "x"),
                null,
                null));
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
            .withNewMetadata()
            .withLabels(Map.of("team", "mine"))
            .withAnnotations(Map.of("note", "mine"))
            .endMetadata()
            .build();

    Pod head = RayPod.head(Clusters.named("demo").head(template).build(), settings);

    assertThat(head.getMetadata().getLabels())
        .containsEntry("team", "mine")
        .containsEntry("tier", "ray")
        .containsEntry(RayLabels.CLUSTER, "demo")
        .containsEntry(RayLabels.APP_NAME, "kuberay");
    assertThat(head.getMetadata().getAnnotations())
        .containsEntry("note", "mine")
        .containsEntry("scrape", "yes")
        .containsEntry(RayLabels.FT_ENABLED, "false");
    assertThat(worker(CLUSTER, settings).getMetadata().getLabels()).containsEntry("team", "theirs");
    assertThat(worker(CLUSTER, settings).getMetadata().getAnnotations())
        .containsEntry("note", "theirs");
  }

  @Test
  void theOperatorsVersionIsReported() {
    assertThat(
            env(RayPod.head(CLUSTER, PodSettings.standard("1.2.3")), "RAY_USAGE_STATS_EXTRA_TAGS"))
        .isEqualTo("kuberay_version=sp-ray-1.2.3;kuberay_crd=RayCluster");
  }

  private static PodSettings with(PodDefaults defaults) {
    return new PodSettings("0", PodSettings.CLUSTER_DOMAIN, false, true, true, defaults);
  }

  private static Container container(String name) {
    return new ContainerBuilder().withName(name).withImage("busybox").build();
  }

  private static Pod worker(RayCluster cluster, PodSettings settings) {
    return RayPod.worker(
        cluster, cluster.getSpec().workerGroupSpecs().getFirst(), Pods.worker("w", 0), settings);
  }

  private static Container ray(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private static String env(Pod pod, String name) {
    return ray(pod).getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }
}
