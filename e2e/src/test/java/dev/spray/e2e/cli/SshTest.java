package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's programs reach the workspace of a real cluster, through {@code pods/exec} alone. */
@Tag("workspace")
@ExtendWith(RealTestbed.class)
class SshTest {
  private static final String MANIFEST =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: my-cluster}
      spec:
        platform:
          workspace: {ssh: true}
      """;

  @TempDir private Path home;

  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = Playground.withWorkspaces(testbed);
    playground.startOperator();
    spRay =
        new SpRayCli(testbed.kubeconfig(), playground.namespace(), Map.of("HOME", home.toString()));
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aShellFilesAndRsyncGetIn() throws IOException {
    playground.apply(MANIFEST);
    playground.awaitTrue("my-cluster", ConditionTypes.READY);

    SpRayCli.Result first =
        spRay.run("ssh", "my-cluster", "--", "pwd; echo $RAY_ADDRESS; echo wrong >&2; exit 7");
    assertThat(first.exitCode()).as(first.err()).isEqualTo(7);
    assertThat(first.out()).isEqualTo("/home/workspace\n127.0.0.1:6379\n");
    assertThat(first.err()).contains("wrong\n");
    assertThat(spRay.run("ssh", "my-cluster", "--", "ray status").out())
        .as("it is where the cluster's Python is")
        .contains("Node status");

    assertThat(spRay.run("ssh", "my-cluster", "--config").exitCode()).isZero();
    String host = "my-cluster." + playground.namespace() + ".ray";
    Path config = home.resolve(".ssh/sp-ray/config");

    assertThat(out("ssh", "-F", config.toString(), "-tt", host, "tty; stty size"))
        .startsWith("/dev/pts/");

    Path file = Files.writeString(home.resolve("notes.txt"), "mine");
    out("scp", "-F", config.toString(), file.toString(), host + ":notes.txt");
    out("scp", "-F", config.toString(), host + ":notes.txt", home.resolve("back.txt").toString());
    assertThat(home.resolve("back.txt")).hasContent("mine");

    Path project = Files.createDirectories(home.resolve("project/src"));
    Files.write(project.resolve("data.bin"), new byte[3_000_000]);
    Files.writeString(project.resolve("main.py"), "print(1)");
    Path local = project.getParent();
    rsync(config, local + "/", host + ":project/");
    assertThat(spRay.run("ssh", "my-cluster", "--", "cd project; find . -type f | sort").out())
        .isEqualTo("./src/data.bin\n./src/main.py\n");
    Files.writeString(project.resolve("main.py"), "print(2)");
    Files.delete(project.resolve("data.bin"));
    rsync(config, local + "/", host + ":project/");
    assertThat(spRay.run("ssh", "my-cluster", "--", "find project -type f | xargs cat").out())
        .isEqualTo("print(2)");
    rsync(config, host + ":project/", home.resolve("copy") + "/");
    assertThat(home.resolve("copy/src/main.py")).hasContent("print(2)");
  }

  private void rsync(Path config, String from, String to) {
    out("rsync", "--archive", "--delete", "-e", "ssh -F " + config, from, to);
  }

  /** What a program that must succeed prints. */
  private String out(String... line) {
    List<String> command = new ArrayList<>(Arrays.asList(line));
    SpRayCli.Result result = spRay.start(command).result();
    assertThat(result.exitCode()).as(String.join(" ", line) + ": " + result.err()).isZero();
    return result.out();
  }
}
