package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Notebook and VS Code beside the head of a real cluster. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class WorkspaceTest {
  private static final String MANIFEST =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: my-cluster}
      spec:
        platform:
          groups:
          - {groupName: worker, accelerator: {type: t4}}
          workspace: {notebook: true, vscode: true, tutorials: true}
      """;

  /** Asks as a browser does; prints the code of each answer. */
  private static final String ASK =
      """
      import sys, urllib.error, urllib.parse, urllib.request

      class Stay(urllib.request.HTTPRedirectHandler):
          def redirect_request(self, *arguments):
              return None

      web = urllib.request.build_opener(Stay)

      def ask(what, url, data=None, headers={}):
          try:
              answer = web.open(urllib.request.Request(url, data, headers))
          except urllib.error.HTTPError as e:
              answer = e
          print(what, answer.status, answer.headers.get("Location", ""))
          return answer

      token = "%s"
      lab, code = "http://127.0.0.1:8888", "http://127.0.0.1:3000"
      quoted = urllib.parse.urlencode({"token": token})
      ask("notebook without:", lab + "/api/contents")
      ask("notebook with another:", lab + "/api/contents?token=guessed")
      ask("notebook with:", lab + "/api/contents?" + quoted)
      ask("page with:", lab + "/lab?" + quoted)
      ask("code without:", code + "/")
      ask("code with another:", code + "/login", b"password=guessed")
      entered = ask("code with:", code + "/login", urllib.parse.urlencode({"password": token}).encode())
      cookie = entered.headers.get("Set-Cookie", "").split(";")[0]
      ask("editor with:", code + "/", headers={"Cookie": cookie})
      """;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    testbed.loadWorkspaceTools();
    playground = new Playground(testbed);
    playground.platform(Testbed.ROOT.resolve("helm/sp-ray-operator/files/platform/small.yaml"));
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aNotebookIsADriverOfTheClusterAndOnlyItsTokenOpensIt() {
    playground.apply(MANIFEST);
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
                    "code with: 302",
                    "editor with: "));

    String notebook =
        inWorkspace(
            "export JUPYTER_PATH=$(ls -d /opt/sp-ray-tools/jupyter /opt/sp-ray-tools/python/*/share/jupyter"
                + " | paste -sd:); python3 /opt/sp-ray-tools/lib/with_tools.py nbconvert"
                + " --to markdown --stdout --execute ~/tutorials/01-hello-cluster.ipynb");
    assertThat(notebook)
        .as("the worker's GPU is among the cluster's resources")
        .contains("'GPU': 1.0", "sum of squares: 2470", "total: 10");

    Pod pod = playground.heads("my-cluster").getFirst();
    assertThat(Serialization.asJson(pod)).doesNotContain(token);
    assertThat(inWorkspace("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).doesNotContain(token);
    assertThat(inWorkspace("ls /var/run/secrets")).doesNotContain("kubernetes.io");
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
            .get(Workspace.TOKEN_KEY);
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private String inWorkspace(String command) {
    Kubectl.Result result =
        playground.kubectl(
            "",
            "exec",
            "-q",
            "my-cluster-head",
            "-c",
            Workspace.CONTAINER,
            "--",
            "bash",
            "-c",
            command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }
}
