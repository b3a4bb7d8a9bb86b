package dev.spray.e2e.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.pods.PodDefaults;
import dev.spray.operator.runtime.Configuration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart is sound, and an API server takes what it renders. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ChartTest {
  private static final String RELEASE = "chart-test";

  /** Under KubeRay's names. */
  private static final String CONFIGURATION =
      """
      configuration:
        enabled: true
        defaultContainerEnvs: [{name: RAY_enable_open_telemetry, value: "true"}]
        defaultPodLabels: {team: graphs}
        defaultPodAnnotations: {prometheus.io/port: "8080"}
        headSidecarContainers: [{name: of-heads, image: busybox}]
        workerSidecarContainers: [{name: of-workers, image: busybox}]
      """;

  /** Every part of the chart that an API server without further CRDs can take. */
  private static final String EVERYTHING =
      """
      nameOverride: operator
      image: {tag: 0.1.0, pullPolicy: Always}
      profile: gke
      rayNodeLabel: {guarded: true, others: ["system:serviceaccount:kuberay:kuberay-operator"]}
      platform: {shipped: small}
      batchScheduler: {name: volcano}
      imagePullSecrets: [{name: registry}]
      replicas: 2
      logging: {stdoutEncoder: console, level: DEBUG}
      env: [{name: JAVA_TOOL_OPTIONS, value: -Xlog:gc}]
      jvmOptions: []
      serviceAccount: {name: ray, annotations: {example.com/a: b}}
      labels: {team: platform}
      annotations: {example.com/c: d}
      nodeSelector: {kubernetes.io/os: linux}
      tolerations: [{key: dedicated, operator: Exists}]
      affinity: {nodeAffinity: {}}
      priorityClassName: system-cluster-critical
      service: {type: NodePort, port: 80}
      """
          + CONFIGURATION;

  /** What Helm calls null is a value that isn't there. */
  private static final String EMPTIED =
      """
      watchNamespace: null
      labels: null
      env: null
      affinity: null
      resources: null
      podSecurityContext: null
      configuration: {enabled: true, defaultPodLabels: null}
      """;

  @Test
  void passesTheLinter(Testbed testbed) {
    assertThat(Helm.run(testbed, "lint", "--strict", Helm.CHART.toString()))
        .contains("0 chart(s) failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", EVERYTHING, "leaderElectionEnabled: false", EMPTIED})
  void isTakenByTheApiServer(String values, Testbed testbed, @TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("values.yaml"), values);
    try (Playground playground = new Playground(testbed)) {
      String rendered = Helm.template(RELEASE, playground.namespace(), "--values", file.toString());
      Kubectl.Result applied = serverSideDryRun(playground, rendered);
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      assertThat(applied.output()).contains("deployment.apps/" + RELEASE).doesNotContain("Warning");
    }
  }

  @Test
  void configurationReachesTheOperator(Testbed testbed, @TempDir Path dir) throws IOException {
    Path values = Files.writeString(dir.resolve("values.yaml"), CONFIGURATION);
    List<HasMetadata> objects = objects(testbed, "--values", values.toString());
    String file = only(objects, ConfigMap.class).getData().get("config.yaml");
    Deployment deployment = only(objects, Deployment.class);
    var pod = deployment.getSpec().getTemplate().getSpec();

    assertThat(Configuration.parse(file).pods(Map.of()).defaults())
        .isEqualTo(
            new PodDefaults(
                List.of(new EnvVar("RAY_enable_open_telemetry", "true", null)),
                Map.of("team", "graphs"),
                Map.of("prometheus.io/port", "8080"),
                List.of(container("of-heads")),
                List.of(container("of-workers"))));
    assertThat(pod.getContainers().getFirst().getArgs())
        .contains("--config=/etc/sp-ray/config.yaml");
    assertThat(pod.getContainers().getFirst().getVolumeMounts())
        .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/etc/sp-ray"));
    assertThat(pod.getVolumes())
        .extracting(Volume::getConfigMap)
        .filteredOn(Objects::nonNull)
        .extracting(ConfigMapVolumeSource::getName)
        .contains(only(objects, ConfigMap.class).getMetadata().getName());
  }

  /** The operator reads its configuration when it starts: another one starts it anew. */
  @Test
  void anotherConfigurationIsAnotherPod(Testbed testbed, @TempDir Path dir) throws IOException {
    String values = Files.writeString(dir.resolve("values.yaml"), CONFIGURATION).toString();
    String other = "configuration.defaultPodLabels.team=b";

    assertThat(only(objects(testbed, "--values", values), Deployment.class))
        .isEqualTo(only(objects(testbed, "--values", values), Deployment.class))
        .isNotEqualTo(only(objects(testbed, "--values", values, "--set", other), Deployment.class));
    assertThat(objects(testbed, "--set", other)).as("not enabled").isEqualTo(objects(testbed));
  }

  @Test
  void podMeetsTheRestrictedSecurityStandard(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground
          .admin()
          .namespaces()
          .withName(playground.namespace())
          .edit(namespace -> {
            namespace
                .getMetadata()
                .getLabels()
                .put("pod-security.kubernetes.io/enforce", "restricted");
            return namespace;
          });
      Deployment deployment =
          only(
              objects(playground.admin(), Helm.template(RELEASE, playground.namespace())),
              Deployment.class);
      PodTemplateSpec template = deployment.getSpec().getTemplate();
      // A plain pod of the same specification: only pods are refused, a Deployment is just warned.
      playground
          .admin()
          .resource(
              new PodBuilder()
                  .withNewMetadata()
                  .withName("operator")
                  .withNamespace(playground.namespace())
                  .endMetadata()
                  .withSpec(template.getSpec())
                  .build())
          .dryRun(true)
          .create();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replica=2",
        "image.repo=example.com/operator",
        "replicas=two",
        "replicas=2,leaderElectionEnabled=false",
        "logging.level=LOUD",
        "watchNamespace=ray",
        "watchNamespace={Not_A_Name}",
        "metrics.serviceMonitor.interval=often",
        "batchScheduler.name=slurm",
        "batchScheduler.enabled=true,batchScheduler.name=yunikorn",
        "configuration.defaultPodLabels=team",
        "configuration.headSidecars={a}",
        "configuration.defaultContainerEnvs[0].value=a"
      })
  void refusesWrongValues(String value) {
    assertThatThrownBy(() -> Helm.template(RELEASE, "ray", "--set", value))
        .hasMessageContaining("values don't meet the specifications of the schema");
  }

  @Test
  void crdUpgradesWithTheReleaseAndOutlivesIt(Testbed testbed, @TempDir Path dir)
      throws IOException {
    try (Playground playground = new Playground(testbed)) {
      KubernetesClient admin = playground.admin();
      String namespace = playground.namespace();
      // Other tests have installed the CRD without Helm, as KubeRay's users have.
      String chart = Helm.CHART.toString();
      Helm.run(
          testbed,
          "install",
          RELEASE,
          chart,
          "-n",
          namespace,
          "--take-ownership",
          "--force-conflicts");

      Path newer = changedCrd(dir);
      Helm.run(testbed, "upgrade", RELEASE, newer.toString(), "-n", namespace, "--force-conflicts");
      assertThat(ageColumn(admin)).isEqualTo("how old");

      Helm.run(testbed, "upgrade", RELEASE, chart, "-n", namespace, "--force-conflicts");
      assertThat(ageColumn(admin)).isEqualTo("age");

      Helm.run(testbed, "uninstall", RELEASE, "-n", namespace);
      assertThat(ageColumn(admin)).isEqualTo("age");
      assertThat(admin.apps().deployments().inNamespace(namespace).list().getItems()).isEmpty();
    }
  }

  /** A copy of the chart whose CRD has another name for a printed column. */
  private static Path changedCrd(Path dir) throws IOException {
    Path copy = dir.resolve("chart");
    try (var files = Files.walk(Helm.CHART)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(Helm.CHART.relativize(file)));
      }
    }
    Path crd = copy.resolve("files/crds/ray.io_rayclusters.yaml");
    Files.writeString(crd, Files.readString(crd).replace("name: \"age\"", "name: \"how old\""));
    return copy;
  }

  private static String ageColumn(KubernetesClient client) {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("rayclusters.ray.io")
        .get()
        .getSpec()
        .getVersions()
        .getFirst()
        .getAdditionalPrinterColumns()
        .stream()
        .filter(column -> column.getJsonPath().equals(".metadata.creationTimestamp"))
        .findFirst()
        .orElseThrow()
        .getName();
  }

  private static Kubectl.Result serverSideDryRun(Playground playground, String manifest) {
    return playground.kubectl(
        manifest, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-");
  }

  private static List<HasMetadata> objects(Testbed testbed, String... options) {
    try (KubernetesClient client = testbed.client()) {
      return objects(client, Helm.template(RELEASE, "ray", options));
    }
  }

  private static <T> T only(List<HasMetadata> objects, Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  private static Container container(String name) {
    return new ContainerBuilder().withName(name).withImage("busybox").build();
  }

  private static List<HasMetadata> objects(KubernetesClient client, String manifest) {
    return client.load(new ByteArrayInputStream(manifest.getBytes(UTF_8))).items();
  }
}
