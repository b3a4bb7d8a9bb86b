package dev.spray.e2e.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** Every part of the chart that an API server without further CRDs can take. */
  private static final String EVERYTHING =
      """
      nameOverride: operator
      image: {tag: 0.1.0, pullPolicy: Always}
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
      """;

  /** What Helm calls null is a value that isn't there. */
  private static final String EMPTIED =
      """
      watchNamespace: null
      labels: null
      env: null
      affinity: null
      resources: null
      podSecurityContext: null
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
          objects(playground.admin(), Helm.template(RELEASE, playground.namespace())).stream()
              .filter(Deployment.class::isInstance)
              .map(Deployment.class::cast)
              .findFirst()
              .orElseThrow();
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
        "metrics.serviceMonitor.interval=often"
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

  private static List<HasMetadata> objects(KubernetesClient client, String manifest) {
    return client.load(new ByteArrayInputStream(manifest.getBytes(UTF_8))).items();
  }
}
