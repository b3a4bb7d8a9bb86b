package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spray.operator.pods.PodDefaults;
import dev.spray.operator.pods.PodSettings;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConfigurationTest {
  private static final String HEADER =
      """
      apiVersion: config.ray.io/v1alpha1
      kind: Configuration
      """;

  /** As KubeRay's chart writes it. */
  @Test
  void aFileOfKubeRaysIsRead() {
    Configuration configuration =
        Configuration.parse(
            HEADER
                + """
                enableLeaderElection: true
                enableMetrics: true
                reconcileConcurrency: 4
                qps: 100
                burst: 200
                watchNamespace: "a,b"
                logStdoutEncoder: "json"
                headSidecarContainers:
                - name: fluentbit
                  image: fluent/fluent-bit:1.9
                  ports: [{containerPort: 24224}]
                workerSidecarContainers:
                - {name: other, image: busybox}
                defaultContainerEnvs:
                - {name: RAY_enable_open_telemetry, value: "true"}
                defaultPodAnnotations:
                  prometheus.io/scrape: "true"
                defaultPodLabels:
                  team: graphs
                """);

    assertThat(configuration.enableLeaderElection()).isTrue();
    assertThat(configuration.watchNamespaces()).contains(Set.of("a", "b"));
    assertThat(configuration.pods(Map.of()))
        .isEqualTo(
            new PodSettings(
                "dev",
                "cluster.local",
                false,
                true,
                true,
                new PodDefaults(
                    List.of(new EnvVar("RAY_enable_open_telemetry", "true", null)),
                    Map.of("team", "graphs"),
                    Map.of("prometheus.io/scrape", "true"),
                    List.of(
                        new ContainerBuilder()
                            .withName("fluentbit")
                            .withImage("fluent/fluent-bit:1.9")
                            .addNewPort()
                            .withContainerPort(24224)
                            .endPort()
                            .build()),
                    List.of(
                        new ContainerBuilder().withName("other").withImage("busybox").build()))));
  }

  @Test
  void whatIsNotSaidIsLeftToTheFlags() {
    Configuration configuration = Configuration.parse(HEADER);

    assertThat(configuration).isEqualTo(Configuration.NONE);
    assertThat(configuration.watchNamespaces()).isEmpty();
    assertThat(configuration.pods(Map.of())).isEqualTo(PodSettings.standard("dev"));
  }

  @ParameterizedTest(name = "watchNamespace \"{0}\": {1}")
  @CsvSource(
      delimiter = ';',
      value = {"a;a", "a,b;a,b", "'a, b,';a,b", "'';''"})
  void namespacesAreSeparatedByCommas(String text, String names) {
    assertThat(Configuration.parse(HEADER + "watchNamespace: '" + text + "'").watchNamespaces())
        .contains(names.isEmpty() ? Set.of() : Set.of(names.split(",", -1)));
  }

  @ParameterizedTest(name = "{0}={1}: login {2}, probes {3}, wait {4}")
  @CsvSource({
    "ENABLE_LOGIN_SHELL, true, true, true, true",
    "ENABLE_LOGIN_SHELL, TRUE, true, true, true",
    "ENABLE_LOGIN_SHELL, yes, false, true, true",
    "ENABLE_PROBES_INJECTION, false, false, false, true",
    "ENABLE_PROBES_INJECTION, False, false, false, true",
    "ENABLE_PROBES_INJECTION, '', false, true, true",
    "ENABLE_INIT_CONTAINER_INJECTION, false, false, true, false",
    "ENABLE_INIT_CONTAINER_INJECTION, true, false, true, true",
  })
  void switchesAreInTheEnvironment(
      String name, String value, boolean loginShell, boolean probes, boolean waitForGcs) {
    assertThat(Configuration.NONE.pods(Map.of(name, value)))
        .isEqualTo(
            new PodSettings(
                "dev", "cluster.local", loginShell, probes, waitForGcs, PodDefaults.NONE));
  }

  @ParameterizedTest(name = "\"{0}\": {1}")
  @CsvSource({"ray.example, ray.example", "'', cluster.local"})
  void theClustersDomainIsInTheEnvironment(String value, String domain) {
    assertThat(Configuration.NONE.pods(Map.of("CLUSTER_DOMAIN", value)).clusterDomain())
        .isEqualTo(domain);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "defaultPodLabel: {a: b}              | defaultPodLabel",
        "defaultPodLabels: [a]                | defaultPodLabels",
        "defaultPodLabels: {a: }              | defaultPodLabels.a has no value",
        "defaultPodAnnotations: {a: }         | defaultPodAnnotations.a has no value",
        "'defaultContainerEnvs: [{value: x}]' | defaultContainerEnvs[0] has no name",
        "'headSidecarContainers: [{name: a}, {image: b}]' | headSidecarContainers[1] has no name",
        "'workerSidecarContainers: [null]'    | workerSidecarContainers[0] has no name",
        "enableLeaderElection: perhaps        | enableLeaderElection",
      })
  void whatIsWrongIsNamed(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Configuration.parse(HEADER + line))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "[]", "kind: Configuration", "a: b: c", "kind: Pod"})
  void anotherFileIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Configuration.parse(text));
  }

  @Test
  void theOperatorDoesNotStartWithAFileThatItCannotRead(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("config.yaml"), HEADER + "defaultPodLabel: {}");

    assertThat(errorOf("--config", file.toString())).contains(file.toString(), "defaultPodLabel");
    assertThat(errorOf("-config", dir.resolve("absent").toString())).contains("absent");
  }

  private static String errorOf(String... arguments) {
    StringWriter error = new StringWriter();
    int exitCode = new CommandLine(new Main()).setErr(new PrintWriter(error)).execute(arguments);
    assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
    return error.toString();
  }
}
