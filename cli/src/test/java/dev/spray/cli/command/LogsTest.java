package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.ApiServer;
import dev.spray.cli.ApiServer.Answer;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node prints is followed, and nothing else is taken for it. */
class LogsTest {
  private static final String CLUSTER =
      "{\"apiVersion\": \"ray.io/v1\", \"kind\": \"RayCluster\", \"metadata\": {\"name\": \"c\", \"namespace\": \"n\"}}";
  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c-head", "namespace": "n"},
       "spec": {"containers": [{"name": "ray-head"}]},
       "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
      """;
  private static final String PODS =
      "{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": ["
          + POD
          + "]}";

  @TempDir private Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aNodeIsFollowed() throws IOException {
    assertThat(followed(Answer.ok("started\n"))).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("started\n");
  }

  @Test
  void aRefusalIsNotWhatTheNodePrints() throws IOException {
    assertThat(followed(Answer.refused(403, "no pods/log for you"))).isEqualTo(4);
    assertThat(followed(Answer.refused(400, "the container waits for its image"))).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("no pods/log for you")
        .contains("the container waits for its image");
  }

  private int followed(Answer logs) throws IOException {
    try (ApiServer server = new ApiServer((request, body) -> answer(request, logs))) {
      return SpRay.execute(
          Golden.terminal(Where.PIPE, out, err),
          Map.of("XDG_CONFIG_HOME", home.toString()),
          "logs",
          "c",
          "-f",
          "-n",
          "n",
          "--kubeconfig",
          server.kubeconfig(home).toString());
    }
  }

  private static Answer answer(String request, Answer logs) {
    if (request.contains("/rayclusters/c")) {
      return Answer.ok(CLUSTER);
    }
    if (request.contains("/pods/c-head/log")) {
      boolean nothing = logs.code() == 200 && request.contains("tailLines=0");
      return nothing ? Answer.ok("") : logs;
    }
    return Answer.ok(request.contains("/pods/c-head") ? POD : PODS);
  }
}
