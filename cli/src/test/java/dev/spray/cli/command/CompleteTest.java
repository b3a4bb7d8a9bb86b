package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.ApiServer;
import dev.spray.cli.ApiServer.Answer;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words after options of all commands, and words that these options decide. */
class CompleteTest {
  private static final String ONE =
      """
      {"apiVersion": "ray.io/v1", "kind": "RayClusterList", "metadata": {},
       "items": [{"apiVersion": "ray.io/v1", "kind": "RayCluster",
                  "metadata": {"name": "theirs", "namespace": "prod"}}]}
      """;

  @TempDir private Path home;

  @Test
  void aVerbMayFollowAnOption() {
    assertThat(completed("-n", "prod", "get", ""))
        .contains("clusters", "nodes")
        .doesNotContain("create");
    assertThat(completed("--namespace=prod", "get", "cl")).containsExactly("clusters");
    assertThat(completed("get", "clusters", "--output", "=", "js")).containsExactly("json");
  }

  @Test
  void namesAreOfTheNamespaceThatIsTyped() throws Exception {
    try (ApiServer server =
        new ApiServer((request, body) ->
            request.contains("/namespaces/prod/")
                ? Answer.ok(ONE)
                : Answer.refused(403, "another namespace"))) {
      String kubeconfig = server.kubeconfig(home).toString();
      assertThat(
              completed("--kubeconfig", kubeconfig, "describe", "cluster", "--namespace=prod", ""))
          .containsExactly("theirs");
      assertThat(completed("-n", "dev", "--kubeconfig", kubeconfig, "describe", "cluster", ""))
          .isEmpty();
    }
  }

  private List<String> completed(String... words) {
    StringWriter out = new StringWriter();
    int code =
        SpRay.execute(
            Golden.terminal(Where.PIPE, out, out),
            Map.of("XDG_CONFIG_HOME", home.toString()),
            Stream.concat(Stream.of("__complete", "--"), Stream.of(words)).toArray(String[]::new));
    assertThat(code).isZero();
    return out.toString().lines().toList();
  }
}
