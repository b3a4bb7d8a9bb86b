package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands by which this tool was first described, with real Ray; sizes are those of the small
 * configuration.
 */
@Tag("workspace")
@ExtendWith(RealTestbed.class)
class OriginOnRealNodesTest {
  private static final String TWO_GROUPS =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: of-the-file}
      spec:
        platform:
          placement: {nodeIsolation: None}
          groups:
          - {groupName: group1, replicas: 1}
          - {groupName: group2, replicas: 1, accelerator: {type: t4, count: 1}}
      """;

  @TempDir private Path home;

  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = Playground.withWorkspaces(testbed);
    playground.startOperator();
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theTranscriptEndsInWorkingClusters() throws IOException {
    assertThat(
            done("create cluster my-cluster --with-tutorials --vscode-server --gpus-per-worker 1"))
        .startsWith("Created cluster my-cluster in namespace " + playground.namespace())
        .contains("\nUploaded tutorial notebooks\n")
        .contains("\nserver ray version      2.60.0\n")
        .containsPattern("\nserver +ray://10\\.[0-9.]+:10001\n")
        .containsPattern("\nnotebook server +http://10\\.[0-9.]+:8888\n")
        .containsPattern("\nOpenVSCode server +http://10\\.[0-9.]+:3000\n")
        .contains("    GPU type            t4\n");
    assertThat(done("get cluster"))
        .containsPattern("\nmy-cluster +[0-9]+ (second|minute)s? ago +1\n");
    assertThat(done("describe cluster my-cluster"))
        .contains("\nstatus                  Ready\n")
        .containsPattern("\nimage pull +head [0-9]+ (second|minute)s?, worker [0-9]+")
        .contains("  tutorials             Ready\n");
    runsAJob();
    done("delete cluster my-cluster");

    assertThat(
            done(
                "create cluster my-cluster --cpus-in-head 1 --memory-in-head 3Gi"
                    + " --gpus-per-worker 1 --worker-gpu-type a100"))
        .contains("\n  CPUs                  1\n")
        .contains("\n  memory                3Gi\n")
        .contains("    GPU type            a100\n");
    runsAJob();
    done("delete cluster my-cluster");

    Path file = Files.writeString(home.resolve("ray-cluster.yaml"), TWO_GROUPS);
    assertThat(done("create cluster my-cluster --file " + file)).contains("\n  group1\n");
    done("scale cluster my-cluster --worker-group group1 --replicas 2 --wait");
    assertThat(done("get nodes -c my-cluster").lines().filter(line -> line.contains(" group1 ")))
        .hasSize(2)
        .allMatch(line -> line.contains("Running"));
    runsAJob();
    done("delete cluster my-cluster");
    assertThat(playground.cluster("my-cluster")).isNull();
  }

  /** A token is asked for, which the command line has. */
  private void runsAJob() {
    SpRayCli.Result result =
        spRay.run(
            "job", "submit", "-c", "my-cluster", "--", "python", "-c", "print(6 * 7, 'is it')");
    assertThat(result.exitCode()).as(result.err() + result.out()).isZero();
    assertThat(result.out()).contains("\n42 is it\n");
  }

  private String done(String line) {
    SpRayCli.Result result = spRay.run(line.split(" "));
    assertThat(result.exitCode()).as(line + ": " + result.err()).isZero();
    return result.out();
  }
}
