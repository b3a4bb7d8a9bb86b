package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The commands by which this tool was first described, in their order and with their output, on
 * simulated pools of GKE. What differs from run to run is masked.
 */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class OriginTest {
  private static final Path EXPECTED = Testbed.ROOT.resolve("e2e/src/test/resources/cli/origin");

  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.offerWorkspaces();
    playground.startOperator();
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theTranscriptRunsWordByWord() throws IOException {
    runs(
        "create",
        "create cluster my-cluster -n NAMESPACE --with-tutorials --vscode-server --gpus-per-worker 1");
    runs("get", "get cluster -n NAMESPACE");
    runs("describe", "describe cluster -n NAMESPACE my-cluster");
    runs("delete", "delete cluster -n NAMESPACE my-cluster");

    runs(
        "create-a100",
        "create cluster my-cluster --cpus-in-head 4 --memory-in-head 10Gi --gpus-per-worker 1"
            + " --worker-gpu-type a100");
    runs("delete", "delete cluster -n NAMESPACE my-cluster");

    runs(
        "create-file",
        "create cluster -n NAMESPACE my-cluster --file " + EXPECTED.resolve("ray-cluster.yaml"));
    runs("scale", "scale cluster -n NAMESPACE my-cluster --worker-group group1 --replicas 3");
    Playground.await().until(() -> playground.workers("my-cluster").size() == 4);
    runs("delete", "delete cluster -n NAMESPACE my-cluster");
  }

  private void runs(String step, String line) throws IOException {
    SpRayCli.Result result =
        spRay.run(line.replace("NAMESPACE", playground.namespace()).split(" "));

    assertThat(result.exitCode()).as(step + ": " + result.err()).isZero();
    Path file = EXPECTED.resolve(step + ".txt");
    String out = masked(result.out());
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, out);
    }
    assertThat(out).as(line).isEqualTo(Files.readString(file));
  }

  private String masked(String out) {
    return out.replace(playground.namespace(), "NAMESPACE")
        .replaceAll("(?m)^(.* version +)\\S+$", "$1VERSION")
        .replaceAll("\\b10\\.\\d+\\.\\d+\\.\\d+", "ADDRESS")
        // A column is as wide as the ages in it.
        .replaceAll("CREATED +", "CREATED   ")
        .replaceAll("\\d+ (second|minute)s? ago +", "AGO   ")
        .replaceAll("\\d+ (second|minute)s? ago", "AGO")
        .replaceAll("(?m)^(image pull +).*", "$1TIMES")
        .replaceAll("(gke-testbed-\\w+)-\\d+", "$1-NNN")
        .replaceAll("(my-cluster-\\S+-worker)-\\w{5}\\b", "$1-XXXXX");
  }
}
