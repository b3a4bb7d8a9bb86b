package dev.spray.e2e.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.KubeRayCrd;
import dev.spray.e2e.testbed.Kubeconfigs;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each error code, provoked. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ErrorCodesTest {
  @TempDir private Path home;

  private Testbed testbed;
  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void whatIsThereOrNot() throws IOException {
    playground.apply(Manifests.head("c"));
    failed(spRay.run("describe", "cluster", "d", "-o", "json"), "not_found", 5);
    failed(spRay.run("get", "clusters", "c", "d", "-o", "json"), "not_found", 5);
    failed(
        spRay.runWith(Manifests.head("c"), "create", "cluster", "-f", "-", "-o", "json"),
        "name_conflict",
        1);
    failed(
        spRay.runWith(
            Manifests.head("c"),
            "create",
            "cluster",
            "-n",
            "no-such-namespace",
            "-f",
            "-",
            "-o",
            "json"),
        "not_found",
        5);
  }

  @Test
  void whatTheApiServerRefuses() throws IOException {
    String misspelled = Manifests.head("c").replace("rayVersion", "rayVerison");
    failed(
        spRay.runWith(misspelled, "create", "cluster", "-f", "-", "-o", "json"),
        "invalid_config",
        1);
    failed(spRay.runWith("kind: Pod", "apply", "-f", "-", "-o", "json"), "invalid_config", 1);
    assertThat(playground.cluster("c")).isNull();
  }

  @Test
  void aFieldOfSomebodyElse() throws IOException {
    playground.apply(Manifests.cluster("c", 1));
    JsonNode error =
        failed(
            spRay.runWith(Manifests.cluster("c", 5), "apply", "-f", "-", "-o", "json"),
            "conflict",
            1);
    assertThat(error.path("cause").asText()).contains("replicas");
    assertThat(
            spRay
                .runWith(Manifests.cluster("c", 5), "apply", "-f", "-", "--force-conflicts")
                .exitCode())
        .isZero();
  }

  @Test
  void whoMayNotOrIsUnknown() throws IOException {
    playground.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody}}");
    failed(as(playground.configOf("nobody")).run("get", "clusters", "-o", "json"), "forbidden", 4);
    Config stranger =
        new ConfigBuilder(playground.configOf("nobody")).withOauthToken("made-up").build();
    failed(as(stranger).run("get", "clusters", "-o", "json"), "unauthenticated", 4);
  }

  @Test
  void whereNobodyAnswersOrNobodyKnowsTheKind() throws IOException {
    failed(at("https://127.0.0.1:1").run("get", "clusters", "-o", "json"), "unreachable", 2);
    failed(at("$1/apis/none").run("get", "clusters", "-o", "json"), "crd_missing", 2);
  }

  @Test
  void anOperatorThatKnowsNoShortClusters() throws IOException {
    try (KubeRayCrd _ = new KubeRayCrd(playground)) {
      JsonNode error =
          failed(spRay.run("create", "cluster", "c", "-o", "json"), "version_mismatch", 1);
      assertThat(error.path("cause").asText()).contains("spec.platform");
      assertThat(error.path("suggestion").asText()).contains("upgrade the operator");
    }
    assertThat(playground.cluster("c")).isNull();
  }

  /** The administrator, who takes another address for the API server's. */
  private SpRayCli at(String server) throws IOException {
    Path kubeconfig = Files.createTempFile(home, "elsewhere", "");
    Files.writeString(
        kubeconfig,
        Files.readString(testbed.kubeconfig())
            .replaceFirst("server: \"?(https://[^\"\\s/]+)/?\"?", "server: " + server));
    return new SpRayCli(kubeconfig, playground.namespace());
  }

  @Test
  void aClusterThatNobodyTakesCareOf() throws IOException {
    failed(creating("--operator-timeout", "1s").result(), "operator_not_running", 2);
    assertThat(playground.cluster("c")).isNotNull();
  }

  @Test
  void aWaitThatTakesTooLong() throws IOException {
    playground.startOperator();
    failed(creating("--timeout", "3s").result(), "timeout", 3);
  }

  @Test
  void aQuotaThatIsUsedUp() throws IOException {
    playground.apply(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: 0}}}");
    assertThat(
            playground
                .kubectl(
                    "",
                    "patch",
                    "resourcequota",
                    "none",
                    "--subresource=status",
                    "--type=merge",
                    "-p",
                    "{\"status\": {\"hard\": {\"pods\": \"0\"}, \"used\": {\"pods\": \"0\"}}}")
                .exitCode())
        .isZero();
    playground.startOperator();
    failed(creating().result(), "quota_exceeded", 2);
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, image_pull, 2",
    "CrashLoopBackOff, workload_failed, 10",
    "CreateContainerConfigError, invalid_config, 1"
  })
  void aContainerThatDoesNotStart(String reason, String code, int exitCode) throws IOException {
    playground.startOperator();
    SpRayCli.Running creating = creating();
    with(
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("ray-head")
            .withImage("rayproject/ray:2.60.0")
            .withImageID("")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .withMessage("the kubelet says why")
            .endWaiting()
            .endState()
            .endContainerStatus()
            .build());
    assertThat(failed(creating.result(), code, exitCode).path("cause").asText())
        .isEqualTo("the kubelet says why");
  }

  @Test
  void aPodThatNoNodeHasRoomFor() throws IOException {
    playground.startOperator();
    SpRayCli.Running creating = creating("--node-timeout", "1s");
    with(unschedulable());
    failed(creating.result(), "unschedulable", 2);
  }

  @Test
  void aGpuThatNoNodeHas() throws IOException {
    playground.startOperator();
    SpRayCli.Running creating =
        spRay.start("create", "cluster", "-f", "-", "-o", "json", "--node-timeout", "1s");
    write(
        creating,
        Manifests.head("c")
            .replace("limits: {memory: 2Gi}", "limits: {memory: 2Gi, nvidia.com/gpu: 1}"));
    with(unschedulable());
    failed(creating.result(), "gpu_unavailable", 2);
  }

  @Test
  void anInterruptionLeavesWhatItSays() {
    playground.startOperator();
    SpRayCli.Running creating = creating();
    Playground.await().until(() -> creating.said().contains("c: head"));
    creating.interrupt();
    SpRayCli.Result result = creating.result();
    assertThat(result.exitCode()).isEqualTo(130);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("interrupted: cluster c exists in namespace " + playground.namespace())
        .contains("sp-ray delete cluster c -n " + playground.namespace());
    assertThat(playground.cluster("c")).isNotNull();
  }

  private SpRayCli.Running creating(String... options) {
    String[] line = {"create", "cluster", "-f", "-", "-o", "json"};
    String[] all = Arrays.copyOf(line, line.length + options.length);
    System.arraycopy(options, 0, all, line.length, options.length);
    SpRayCli.Running running = spRay.start(all);
    write(running, Manifests.head("c"));
    return running;
  }

  private static void write(SpRayCli.Running running, String input) {
    try (var stdin = running.process().getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PodStatus unschedulable() {
    return new PodStatusBuilder()
        .withPhase("Pending")
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("False")
        .withReason("Unschedulable")
        .withMessage("0/3 nodes are available")
        .endCondition()
        .build();
  }

  /** Gives the head that status as soon as there is one. */
  private void with(PodStatus status) {
    Playground.await().until(() -> playground.heads("c").size() == 1);
    Pod head = playground.heads("c").getFirst();
    Pod _ =
        playground
            .admin()
            .resource(head)
            .editStatus(pod -> {
              pod.setStatus(status);
              return pod;
            });
  }

  private SpRayCli as(Config config) throws IOException {
    Path kubeconfig = Files.createTempFile(home, "kubeconfig", "");
    Files.writeString(kubeconfig, Kubeconfigs.write(config));
    return new SpRayCli(kubeconfig, playground.namespace());
  }

  private static JsonNode failed(SpRayCli.Result result, String code, int exitCode)
      throws IOException {
    assertThat(result.out()).as("standard output of a failure; %s", result.err()).isEmpty();
    String json = result.err().substring(Math.max(0, result.err().indexOf('{')));
    JsonNode error = new ObjectMapper().readTree(json).path("error");
    assertThat(error.path("code").asText()).as(result.err()).isEqualTo(code);
    assertThat(error.path("exitCode").asInt()).isEqualTo(exitCode);
    assertThat(result.exitCode()).isEqualTo(exitCode);
    return error;
  }
}
