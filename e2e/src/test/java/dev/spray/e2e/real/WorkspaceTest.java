package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A workspace beside the head of a real cluster. */
@Tag("workspace")
@ExtendWith(RealTestbed.class)
class WorkspaceTest {
  /** Before the path of a notebook: runs it in a kernel as the notebook server starts them. */
  private static final String EXECUTE =
      "export JUPYTER_PATH=$(ls -d /opt/sp-ray-tools/jupyter /opt/sp-ray-tools/python/*/share/jupyter"
          + " | paste -sd:); python3 /opt/sp-ray-tools/lib/with_tools.py nbconvert"
          + " --to markdown --stdout --execute ";

  private static final String LIVING_NODES =
      """
      import ray
      ray.init(logging_level="ERROR", log_to_driver=False)
      print([node["NodeID"] for node in ray.nodes() if node["Alive"]])
      """;

  /** What a shell says of a command that was killed. */
  private static final int KILLED = 137;

  /** Asks as a browser does; prints the code of each answer. */
  private static final String ASK =
      """
      import sys, urllib.error, urllib.parse, urllib.request

      class Stay(urllib.request.HTTPRedirectHandler):
          def redirect_request(self, *arguments):
              return None

      web = urllib.request.build_opener(Stay)

      def ask(what, url, data=None):
          try:
              answer = web.open(urllib.request.Request(url, data))
          except urllib.error.HTTPError as e:
              answer = e
          print(what, answer.status, answer.headers.get("Location", ""))

      token = "%s"
      lab, code = "http://127.0.0.1:8888", "http://127.0.0.1:3000"
      quoted = urllib.parse.urlencode({"token": token})
      ask("notebook without:", lab + "/api/contents")
      ask("notebook with another:", lab + "/api/contents?token=guessed")
      ask("notebook with:", lab + "/api/contents?" + quoted)
      ask("page with:", lab + "/lab?" + quoted)
      ask("code without:", code + "/")
      ask("code with another:", code + "/login", b"password=guessed")
      ask("code with:", code + "/login", urllib.parse.urlencode({"password": token}).encode())
      """;

  @TempDir private Path directory;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = Playground.withWorkspaces(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aNotebookIsADriverOfTheClusterAndOnlyItsTokenOpensIt() {
    playground.startOperator();
    playground.apply(Manifests.workspace());
    playground.awaitTrue("my-cluster", ConditionTypes.READY);
    playground.awaitTrue("my-cluster", ConditionTypes.NOTEBOOK_READY);
    playground.awaitTrue("my-cluster", ConditionTypes.IDE_READY);
    playground.awaitTrue("my-cluster", ConditionTypes.TUTORIALS_READY);
    String token = token();
    RayHead head = new RayHead(playground, "my-cluster");

    // Both listen some seconds after their container runs.
    Playground.await()
        .untilAsserted(() ->
            assertThat(head.python(ASK.formatted(token)))
                .contains(
                    "notebook without: 403",
                    "notebook with another: 403",
                    "notebook with: 200",
                    "page with: 200",
                    "code without: 302",
                    "code with another: 200",
                    "code with: 302"));

    assertThat(inWorkspace(EXECUTE + "~/tutorials/01-hello-cluster.ipynb"))
        .as("the worker's GPU is among the cluster's resources")
        .contains("'GPU': 1.0", "sum of squares: 2470", "total: 10");

    Pod pod = playground.heads("my-cluster").getFirst();
    assertThat(Serialization.asJson(pod)).doesNotContain(token);
    assertThat(inWorkspace("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).doesNotContain(token);
    assertThat(inWorkspace("ls /var/run/secrets")).doesNotContain("kubernetes.io");
    assertThat(playground.eventNotes()).noneMatch(note -> note.contains(token));
    assertThat(
            playground
                .kubectl("", "logs", "my-cluster-head", "--all-containers", "--tail=-1")
                .output())
        .contains("workspace: notebook runs")
        .doesNotContain(token);
  }

  /** More than the workspace may have: what is killed for it is not Ray. */
  @Test
  void aNotebookThatTakesTooMuchMemoryLeavesTheHeadRunning() {
    playground.startOperator();
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata: {name: my-cluster}
        spec:
          platform:
            workspace: {notebook: true}
        """);
    playground.awaitTrue("my-cluster", ConditionTypes.READY);
    playground.awaitTrue("my-cluster", ConditionTypes.NOTEBOOK_READY);
    RayHead head = new RayHead(playground, "my-cluster");
    Pod before = playground.heads("my-cluster").getFirst();
    String nodes = head.python(LIVING_NODES);

    Kubectl.Result greedy =
        runInWorkspace(
            "cat >/tmp/greedy.ipynb && " + EXECUTE + "/tmp/greedy.ipynb",
            """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
              {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [],
               "execution_count": null, "source": "len(b'x' * (6 << 30))"}]}
            """);
    assertThat(greedy.exitCode()).as(greedy.output()).isNotZero();
    assertThat(greedy.exitCode() == KILLED || greedy.output().contains("DeadKernelError"))
        .as(greedy.output())
        .isTrue();

    playground.awaitTrue("my-cluster", ConditionTypes.NOTEBOOK_READY);
    playground.awaitTrue("my-cluster", ConditionTypes.READY);
    Pod after = playground.heads("my-cluster").getFirst();
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(rayContainer(after)).isEqualTo(rayContainer(before));
    assertThat(head.python(LIVING_NODES)).as("Ray is the same").isEqualTo(nodes);
  }

  /** Another one each time that it is started. */
  private static String rayContainer(Pod head) {
    return head.getStatus().getContainerStatuses().getFirst().getContainerID();
  }

  @Test
  void anOpenKernelKeepsTheClusterAndItsFilesOutliveASuspension() throws IOException {
    try (HomeVolume _ = new HomeVolume(playground, directory, Workspace.claimName("my-cluster"))) {
      RayOperator patient = playground.startOperator();
      playground.apply(
          """
          apiVersion: ray.io/v1
          kind: RayCluster
          metadata: {name: my-cluster}
          spec:
            platform:
              workspace: {notebook: true, home: {size: 1Gi}}
              lifecycle: {idleTimeout: 2s}
          """);
      playground.awaitTrue("my-cluster", ConditionTypes.READY);
      playground.awaitTrue("my-cluster", ConditionTypes.NOTEBOOK_READY);
      inWorkspace("echo mine >~/notes.txt");
      String kernel = kernels("POST", "");
      awaitIdle("False");
      patient.close();

      playground.platform(
          Files.writeString(
              directory.resolve("hasty.yaml"),
              Files.readString(Playground.SMALL) + "\nlifecycle: {warning: 3s}\n"));
      playground.startOperator();
      Instant closed = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      kernels("DELETE", "/" + kernel);
      playground.awaitTrue("my-cluster", ConditionTypes.SUSPENDED);
      assertThat(playground.eventNotes("SuspendedExpiredRayCluster"))
          .singleElement()
          .satisfies(note -> assertThat(idleSince(note)).isAfterOrEqualTo(closed));
      assertThat(playground.pods()).isEmpty();

      playground.patch(
          "my-cluster",
          PatchType.JSON_MERGE,
          "{\"spec\": {\"idleSuspend\": null, \"platform\": {\"lifecycle\": null}}}");
      playground.awaitTrue("my-cluster", ConditionTypes.READY);
      playground.awaitTrue("my-cluster", ConditionTypes.NOTEBOOK_READY);
      assertThat(inWorkspace("cat ~/notes.txt")).isEqualTo("mine\n");
    }
  }

  private static Instant idleSince(String note) {
    Matcher found = Pattern.compile("nothing has run in it since ([0-9TZ:.-]+Z)").matcher(note);
    assertThat(found.find()).as(note).isTrue();
    return Instant.parse(found.group(1));
  }

  private void awaitIdle(String status) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("my-cluster", ConditionTypes.IDLE))
                .hasValueSatisfying(idle -> assertThat(idle.getStatus()).isEqualTo(status)));
  }

  /** Asks the notebook server, which listens some seconds after its container runs. */
  private String kernels(String method, String path) {
    String program =
        """
        import json, urllib.request
        answer = urllib.request.urlopen(urllib.request.Request(
            "http://127.0.0.1:8888/api/kernels%s", method="%s", data=b"{}",
            headers={"Authorization": "token %s"}))
        print(json.loads(answer.read() or b'{"id": ""}')["id"])
        """
            .formatted(path, method, token());
    return Playground.await()
        .until(() -> runInWorkspace("python3 -", program), result -> result.exitCode() == 0)
        .output()
        .strip();
  }

  private String token() {
    String data =
        playground
            .admin()
            .secrets()
            .inNamespace(playground.namespace())
            .withName(Workspace.secretName("my-cluster"))
            .get()
            .getData()
            .get(AuthOptions.SECRET_KEY);
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private String inWorkspace(String command) {
    Kubectl.Result result = runInWorkspace(command, "");
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  private Kubectl.Result runInWorkspace(String command, String input) {
    return playground.kubectl(
        input,
        "exec",
        "-qi",
        "my-cluster-head",
        "-c",
        Workspace.CONTAINER,
        "--",
        "bash",
        "-c",
        command);
  }
}
