package dev.spray.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.ApiServer;
import dev.spray.cli.ApiServer.Answer;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that is written while others write it, too. */
class ReplaceTest {
  @TempDir private Path home;

  private final ObjectNode there = ClusterWriter.empty("n", "c");
  private ApiServer server;
  private Session session;
  private Clusters clusters;

  @BeforeEach
  void setUp() throws IOException {
    Json.object(there, "metadata").put("resourceVersion", "1").put("generation", 1);
    server = new ApiServer(this::answer);
    session =
        new Session(
            new Session.Flags(server.kubeconfig(home).toString(), null, "n"),
            Map.of("XDG_CONFIG_HOME", home.toString()));
    clusters = session.clusters();
  }

  @AfterEach
  void tearDown() {
    session.close();
    server.close();
  }

  @Test
  void aStatusThatWasToldMeanwhileIsNoConflict() {
    Cluster seen = clusters.get("n", "c");
    ObjectNode next = seen.tree().deepCopy();
    Json.object(next, "spec").put("suspend", true);
    change(1);

    assertThat(clusters.replace(seen, next, false).suspended()).isTrue();
  }

  @Test
  void whatSomebodyElseChangedIsNotLost() {
    Cluster seen = clusters.get("n", "c");
    change(2);

    assertThatThrownBy(() -> clusters.replace(seen, seen.tree(), false))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  /** There is another version, of the given spec. */
  private synchronized void change(int generation) {
    Json.object(there, "metadata").put("resourceVersion", "2").put("generation", generation);
  }

  private synchronized Answer answer(String request, String body) {
    if (request.startsWith("GET ")) {
      return Answer.ok(there.toString());
    }
    return version(body).equals(Json.text(there, "metadata", "resourceVersion"))
        ? Answer.ok(body)
        : Answer.refused(409, "the object has been modified");
  }

  private static String version(String body) {
    try {
      return Json.text(Json.parse(body), "metadata", "resourceVersion");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
