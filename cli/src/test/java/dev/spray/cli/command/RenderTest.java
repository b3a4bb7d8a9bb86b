package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import dev.spray.cli.kube.Json;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderTest {
  @TempDir private Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** The origin's numbers: 15 CPUs and 48Gi, head and worker; a t4 where a GPU is asked for. */
  @Test
  void theWholeManifestOfTheOriginsFirstCommand() throws Exception {
    assertThat(execute("render", "my-cluster", "--gpus-per-worker", "1", "-o", "json")).isZero();

    JsonNode spec = Json.at(Json.parse(out.toString()), "spec");
    assertThat(spec.has("platform")).isFalse();
    JsonNode head =
        Json.at(spec, "headGroupSpec", "template", "spec", "containers", 0, "resources");
    assertThat(Json.text(head, "requests", "cpu")).isEqualTo("15");
    assertThat(Json.text(head, "requests", "memory")).isEqualTo("48Gi");
    JsonNode worker = Json.at(spec, "workerGroupSpecs", 0, "template", "spec");
    assertThat(Json.text(worker, "containers", 0, "resources", "requests", "cpu")).isEqualTo("15");
    assertThat(Json.text(worker, "containers", 0, "resources", "limits", "nvidia.com/gpu"))
        .isEqualTo("1");
    assertThat(Json.text(worker, "nodeSelector", "cloud.google.com/gke-accelerator"))
        .isEqualTo("nvidia-tesla-t4");
  }

  @Test
  void whatIsImpossibleIsSaid() throws Exception {
    assertThat(execute("render", "c", "--gpus-per-worker", "1", "--worker-gpu-type", "t5"))
        .isEqualTo(1);
    assertThat(err.toString())
        .startsWith("error: nothing can be made")
        .contains("t5")
        .contains("t4");
    assertThat(out.toString()).isEmpty();
  }

  private int execute(String... line) throws Exception {
    Path kubeconfig =
        Files.writeString(home.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
    String[] words = java.util.Arrays.copyOf(line, line.length + 1);
    words[line.length] = "--kubeconfig=" + kubeconfig;
    return SpRay.execute(
        Golden.terminal(Where.PIPE, out, err), Map.of("XDG_CONFIG_HOME", home.toString()), words);
  }
}
