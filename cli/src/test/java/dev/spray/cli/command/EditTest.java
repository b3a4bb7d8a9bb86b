package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.ApiServer;
import dev.spray.cli.ApiServer.Answer;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditTest {
  @TempDir private Path home;

  @Test
  void whatIsKeptOfAConflictCanBeAppliedLater() throws Exception {
    AtomicInteger generation = new AtomicInteger();
    StringWriter err = new StringWriter();
    try (ApiServer server =
        new ApiServer((request, body) ->
            request.startsWith("GET ")
                ? Answer.ok(cluster(generation.incrementAndGet()))
                : Answer.refused(409, "the object has been modified"))) {
      int code =
          SpRay.execute(
              Golden.terminal(Where.PIPE, new StringWriter(), err),
              Map.of(
                  "XDG_CONFIG_HOME",
                  home.toString(),
                  "SP_RAY_EDITOR",
                  "echo 'spec: {suspend: true}' >>"),
              "edit",
              "cluster",
              "c",
              "-n",
              "n",
              "--kubeconfig",
              server.kubeconfig(home).toString());
      assertThat(code).isEqualTo(1);
    }
    assertThat(err.toString()).contains("somebody else changed cluster c");

    String said = err.toString().lines().findFirst().orElseThrow();
    Path kept = Path.of(said.replace("what you wrote is kept in ", ""));
    assertThat(Files.readString(kept)).contains("suspend: true").doesNotContain("resourceVersion");
    Files.delete(kept);
  }

  private static String cluster(int generation) {
    return """
    {"apiVersion": "ray.io/v1", "kind": "RayCluster",
     "metadata": {"name": "c", "namespace": "n", "generation": %1$d, "resourceVersion": "%1$d"}}
    """
        .formatted(generation);
  }
}
