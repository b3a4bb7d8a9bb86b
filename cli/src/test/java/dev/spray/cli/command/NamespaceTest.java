package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The namespace of a command line, beside the one of a file. */
class NamespaceTest {
  @TempDir private Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aClusterIsCreatedInTheOneThatIsGivenWhereverItStands() throws Exception {
    assertThat(execute("-n", "ours", "create", "cluster")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("namespace: ours").doesNotContain("theirs");
  }

  @Test
  void anApplyDoesNotGoElsewhereThanItIsToldTo() throws Exception {
    assertThat(execute("apply", "-n", "ours")).isEqualTo(1);
    assertThat(err.toString()).contains("is in namespace theirs, and -n says ours");
    assertThat(out.toString()).isEmpty();

    assertThat(execute("apply", "-n", "theirs")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("namespace: theirs");
  }

  private int execute(String... words) throws Exception {
    Path file =
        Files.writeString(
            home.resolve("c.yaml"),
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: c, namespace: theirs}
            spec: {platform: {}}
            """);
    Path kubeconfig =
        Files.writeString(home.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
    return SpRay.execute(
        Golden.terminal(Where.PIPE, out, err),
        Map.of("XDG_CONFIG_HOME", home.toString()),
        Stream.concat(
                Stream.of(words),
                Stream.of(
                    "-f",
                    file.toString(),
                    "--dry-run=client",
                    "--kubeconfig",
                    kubeconfig.toString()))
            .toArray(String[]::new));
  }
}
