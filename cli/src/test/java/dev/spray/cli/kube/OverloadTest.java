package dev.spray.cli.kube;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API server that has no time for the first requests. */
class OverloadTest {
  private static final String NONE =
      "{\"apiVersion\": \"ray.io/v1\", \"kind\": \"RayClusterList\", \"metadata\": {}, \"items\": []}";

  @TempDir private Path home;

  private final AtomicInteger busy = new AtomicInteger();
  private final StringWriter err = new StringWriter();
  private ApiServer server;

  @BeforeEach
  void setUp() throws IOException {
    server =
        new ApiServer((request, body) ->
            busy.getAndDecrement() > 0
                ? Answer.refused(429, "storage is (re)initializing")
                : Answer.ok(NONE));
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void isAskedOnceMore() throws IOException {
    busy.set(1);
    assertThat(get()).as(err.toString()).isZero();
  }

  @Test
  void isNotAskedForEver() throws IOException {
    busy.set(Integer.MAX_VALUE);
    assertThat(get()).isEqualTo(2);
    assertThat(err.toString()).contains("overloaded").contains("storage is (re)initializing");
  }

  private int get() throws IOException {
    return SpRay.execute(
        Golden.terminal(Where.PIPE, new StringWriter(), err),
        Map.of("XDG_CONFIG_HOME", home.toString()),
        "get",
        "clusters",
        "--kubeconfig",
        server.kubeconfig(home).toString());
  }
}
