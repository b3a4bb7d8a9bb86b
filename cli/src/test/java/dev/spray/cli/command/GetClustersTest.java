package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.ApiServer;
import dev.spray.cli.ApiServer.Answer;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which clusters are listed. */
class GetClustersTest {
  private static final String NONE =
      "{\"apiVersion\": \"ray.io/v1\", \"kind\": \"RayClusterList\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}";

  @TempDir private Path home;

  private final StringWriter err = new StringWriter();

  @Test
  void aWatchIsOfThoseThatAreChosen() throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (ApiServer server =
        new ApiServer((request, body) -> {
          requests.add(request);
          return Answer.ok(NONE);
        })) {
      String kubeconfig = server.kubeconfig(home).toString();
      Thread watching =
          Thread.ofPlatform()
              .start(() ->
                  execute("get", "clusters", "-l", "team=a", "-w", "--kubeconfig", kubeconfig));
      // The list before the watch, the watch's own, and the watch.
      for (int i = 0; i < 3; i++) {
        assertThat(requests.poll(1, TimeUnit.MINUTES)).contains("labelSelector=team%3Da");
      }
      watching.interrupt();
      assertThat(watching.join(Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void whoNamesThemHasChosenThem() {
    assertThat(execute("get", "clusters", "c", "-A")).isEqualTo(1);
    assertThat(execute("get", "clusters", "c", "-l", "team=a")).isEqualTo(1);
    assertThat(err.toString()).contains("can't be chosen by -A or -l");
  }

  private int execute(String... words) {
    return SpRay.execute(
        Golden.terminal(Where.PIPE, new StringWriter(), err),
        Map.of("XDG_CONFIG_HOME", home.toString()),
        words);
  }
}
