package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ray's autoscaler beside the head, and what {@code autoscalerOptions} do to it. */
class AutoscalerTest {

  @Test
  void runsBesideTheHeadAndNowhereElse() {
    assertThat(names(head(autoscaled("{}")))).containsExactly("ray-head", "autoscaler");
    assertThat(names(worker(autoscaled("{}")))).containsExactly("ray-worker");
    assertThat(names(head(Clusters.named("demo").with("autoscalerOptions: {version: v2}"))))
        .as("options alone don't start it")
        .containsExactly("ray-head");
  }

  @Test
  void comesAfterTheUsersSidecarsAndBeforeThoseOfTheOperator() {
    PodTemplateSpec template =
        Clusters.template(
            Clusters.container("ray-head", "1", "1Gi"), Clusters.container("mine", "1", "1Gi"));
    PodDefaults defaults =
        new PodDefaults(
            null, null, null, List.of(new ContainerBuilder().withName("theirs").build()), null);

    Pod head =
        RayPod.head(
            autoscaled("{}").head(template).build(),
            new PodSettings("0", PodSettings.CLUSTER_DOMAIN, false, true, true, defaults));

    assertThat(names(head)).containsExactly("ray-head", "mine", "autoscaler", "theirs");
  }

  @Test
  void isTheHeadsImageAndSmallUnlessSaidOtherwise() {
    Container autoscaler = autoscaler("{}");

    assertThat(autoscaler.getImage()).isEqualTo("rayproject/ray:2.60.0");
    assertThat(autoscaler.getImagePullPolicy()).isEqualTo("IfNotPresent");
    assertThat(autoscaler.getCommand()).containsExactly("/bin/bash", "-c", "--");
    assertThat(autoscaler.getArgs())
        .containsExactly(
            "ray kuberay-autoscaler --cluster-name $(RAY_CLUSTER_NAME)"
                + " --cluster-namespace $(RAY_CLUSTER_NAMESPACE)");
    assertThat(autoscaler.getResources().getRequests())
        .isEqualTo(autoscaler.getResources().getLimits())
        .isEqualTo(Map.of("cpu", new Quantity("500m"), "memory", new Quantity("512Mi")));
    assertThat(autoscaler.getSecurityContext()).isNull();
  }

  @Test
  void isAsTheOptionsSay() {
    Container autoscaler =
        autoscaler(
            """
            image: example.com/autoscaler:1
            imagePullPolicy: Always
            command: [run]
            args: [me]
            resources: {requests: {cpu: 50m}, limits: {memory: 1G}}
            securityContext: {runAsUser: 7}
            env: [{name: A, value: b}]
            envFrom: [{secretRef: {name: more}}]
            volumeMounts: [{name: config, mountPath: /etc/config}]
            """);

    assertThat(autoscaler.getImage()).isEqualTo("example.com/autoscaler:1");
    assertThat(autoscaler.getImagePullPolicy()).isEqualTo("Always");
    assertThat(autoscaler.getCommand()).containsExactly("run");
    assertThat(autoscaler.getArgs()).containsExactly("me");
    assertThat(autoscaler.getResources().getRequests()).hasToString("{cpu=50m}");
    assertThat(autoscaler.getResources().getLimits()).hasToString("{memory=1G}");
    assertThat(autoscaler.getSecurityContext().getRunAsUser()).isEqualTo(7);
    assertThat(autoscaler.getEnv())
        .extracting(EnvVar::getName)
        .startsWith("RAY_CLUSTER_NAME")
        .endsWith("KUBERAY_GEN_AUTOSCALER_START_CMD", "A");
    assertThat(autoscaler.getEnvFrom())
        .containsExactly(
            new EnvFromSourceBuilder().withNewSecretRef().withName("more").endSecretRef().build());
    assertThat(autoscaler.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .containsExactly("/etc/config", "/tmp/ray");
  }

  @ParameterizedTest(name = "version {0}: RAY_enable_autoscaler_v2={1}, restart {2}")
  @CsvSource({"v1, false, ", "v2, true, Never", "'', , "})
  void theVersionIsToldToTheHeadAndTheSecondOneRestartsNoPod(
      String version, String variable, String restartPolicy) {
    Clusters cluster = autoscaled(version.isEmpty() ? "{}" : "version: " + version);
    Pod head = head(cluster);
    Pod worker = worker(cluster);

    assertThat(env(head, "RAY_enable_autoscaler_v2")).isEqualTo(variable);
    assertThat(env(worker, "RAY_enable_autoscaler_v2")).isNull();
    assertThat(head.getSpec().getRestartPolicy()).isEqualTo(restartPolicy);
    assertThat(worker.getSpec().getRestartPolicy()).isEqualTo(restartPolicy);
  }

  @Test
  void theSecondOneRestartsNoPodWhateverTheTemplateSays() {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
            .editSpec()
            .withRestartPolicy("Always")
            .endSpec()
            .build();

    assertThat(head(autoscaled("version: v2").head(template)).getSpec().getRestartPolicy())
        .isEqualTo("Never");
    assertThat(head(autoscaled("version: v1").head(template)).getSpec().getRestartPolicy())
        .isEqualTo("Always");
  }

  @Test
  void theHeadsOwnMonitorIsOff() {
    assertThat(env(head(autoscaled("{}")), "KUBERAY_GEN_RAY_START_CMD")).contains(" --no-monitor ");
    assertThat(env(worker(autoscaled("{}")), "KUBERAY_GEN_RAY_START_CMD"))
        .doesNotContain("no-monitor");
  }

  @ParameterizedTest(name = "cluster {0}, the user''s account {1}: {2}")
  @CsvSource({
    "demo, , demo",
    "demo, team, team",
    "abc4-name-of-a-cluster-with-fifty-three-characters-ok, , r-name-of-a-cluster-with-fifty-three-characters-ok",
    "demo, an-account-whose-name-has-more-characters-than-fifty-0,"
        + " an-account-whose-name-has-more-characters-than-fifty-0",
  })
  void theHeadRunsAsWhoMayScale(String cluster, String own, String account) {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
            .editSpec()
            .withServiceAccountName(own)
            .endSpec()
            .build();
    Clusters clusters = Clusters.named(cluster).head(template);

    assertThat(head(clusters).getSpec().getServiceAccountName()).isEqualTo(own);
    assertThat(
            head(clusters.with("enableInTreeAutoscaling: true")).getSpec().getServiceAccountName())
        .isEqualTo(account);
    assertThat(worker(clusters.group("small", 1)).getSpec().getServiceAccountName()).isNull();
  }

  @Test
  void headAndAutoscalerShareTheirLogs() {
    Pod head = head(autoscaled("{}"));

    assertThat(volumes(head)).containsExactly("shared-mem", "ray-logs");
    assertThat(logs(head.getSpec().getContainers().getFirst())).isEqualTo("ray-logs");
    assertThat(logs(head.getSpec().getContainers().getLast())).isEqualTo("ray-logs");
    assertThat(volumes(worker(autoscaled("{}")))).containsExactly("shared-mem");
  }

  /** As where a sidecar reads them. */
  @Test
  void logsThatTheUserMountsUnderTheSameNameAreShared() {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(
                Clusters.template(
                    new ContainerBuilder(Clusters.container("ray", "1", "1Gi"))
                        .addNewVolumeMount()
                        .withName("ray-logs")
                        .withMountPath("/tmp/ray")
                        .endVolumeMount()
                        .build()))
            .editSpec()
            .addNewVolume()
            .withName("ray-logs")
            .withNewHostPath()
            .withPath("/logs")
            .endHostPath()
            .endVolume()
            .endSpec()
            .build();

    Pod head = head(autoscaled("{}").head(template));

    assertThat(volumes(head)).containsExactly("ray-logs", "shared-mem");
    assertThat(logs(head.getSpec().getContainers().getLast())).isEqualTo("ray-logs");
  }

  @Test
  void logsThatTheUserMountsBothTimesNeedNoVolume() {
    VolumeMount mine = new VolumeMountBuilder().withName("m").withMountPath("/tmp/ray").build();
    Pod head =
        head(
            autoscaled("volumeMounts: [{name: m, mountPath: /tmp/ray}]")
                .head(ray -> ray.withVolumeMounts(mine)));

    assertThat(volumes(head)).containsExactly("shared-mem");
    assertThat(logs(head.getSpec().getContainers().getFirst())).isEqualTo("m");
    assertThat(logs(head.getSpec().getContainers().getLast())).isEqualTo("m");
  }

  private static Clusters autoscaled(String options) {
    return Clusters.named("demo")
        .group("small", 1)
        .with("enableInTreeAutoscaling: true")
        .with("autoscalerOptions:\n" + options.indent(2));
  }

  private static Container autoscaler(String options) {
    return head(autoscaled(options)).getSpec().getContainers().getLast();
  }

  private static Pod head(Clusters cluster) {
    return RayPod.head(cluster.build(), Pods.SETTINGS);
  }

  private static Pod worker(Clusters clusters) {
    var cluster = clusters.build();
    return RayPod.worker(
        cluster,
        cluster.getSpec().workerGroupSpecs().getFirst(),
        Pods.worker("w", 0),
        Pods.SETTINGS);
  }

  private static List<String> names(Pod pod) {
    return pod.getSpec().getContainers().stream().map(Container::getName).toList();
  }

  private static List<String> volumes(Pod pod) {
    return pod.getSpec().getVolumes().stream().map(volume -> volume.getName()).toList();
  }

  private static String logs(Container container) {
    return container.getVolumeMounts().stream()
        .filter(mount -> mount.getMountPath().equals("/tmp/ray"))
        .map(VolumeMount::getName)
        .findFirst()
        .orElseThrow();
  }

  private static String env(Pod pod, String name) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst()
        .orElse(null);
  }
}
