package dev.spray.operator.ray;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.spray.operator.plan.SecretKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleWorkersTest {
  private static final String NODES =
      """
      [{"node_id": "h", "node_ip": "10.0.0.1", "is_head_node": true, "state": "ALIVE"},
       {"node_id": "a", "node_ip": "10.0.0.2", "is_head_node": false, "state": "ALIVE"},
       {"node_id": "b", "node_ip": "10.0.0.3", "is_head_node": false, "state": "ALIVE"},
       {"node_id": "c", "node_ip": "10.0.0.4", "is_head_node": false, "state": "ALIVE"}]
      """;

  private static final byte[] BEGINNING =
      "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{".getBytes(UTF_8);

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private static final SecretKey TOKEN = new SecretKey("playground", "demo", "auth_token");

  private final Map<SecretKey, String> tokens = new ConcurrentHashMap<>();
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final IdleWorkers workers =
      new IdleWorkers(() -> now, token -> Optional.ofNullable(tokens.get(token)));
  private HttpServer head;

  @BeforeEach
  void start() throws IOException {
    head = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    head.createContext(
        "/api/v0/",
        exchange -> {
          requests.add(exchange.getRequestURI().toString());
          shown.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
          String what = exchange.getRequestURI().getPath().replace("/api/v0/", "");
          byte[] body = answers.getOrDefault(what, "").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    head.start();
    answers.put("nodes", complete(NODES));
    answers.put("tasks", complete("[{\"node_id\": \"a\", \"state\": \"RUNNING\"}]"));
    answers.put("actors", complete("[{\"node_id\": \"c\", \"state\": \"ALIVE\"}]"));
  }

  @AfterEach
  void stop() {
    head.stop(0);
    workers.close();
  }

  @Test
  void workersWithoutTasksAndActorsAreIdle() throws InterruptedException {
    assertThat(workers.known("uid")).isEmpty();

    ask();

    assertThat(workers.known("uid"))
        .hasValueSatisfying(idle -> assertThat(idle).containsExactly("10.0.0.3"));
    assertThat(workers.known("other")).isEmpty();
    assertThat(requests)
        .containsExactlyInAnyOrder(
            "/api/v0/nodes" + filter("ALIVE"),
            "/api/v0/tasks" + filter("RUNNING"),
            "/api/v0/actors" + filter("ALIVE"));
  }

  @Test
  void anAnswerIsGoodForAWhile() throws InterruptedException {
    ask();
    now = now.plusSeconds(5);
    assertThat(workers.known("uid")).isPresent();
    now = now.plusSeconds(10);
    assertThat(workers.known("uid")).isEmpty();
  }

  /** Whoever isn't in a cut list may be at work. */
  @Test
  void anAnswerThatIsNotCompleteIsNone() throws InterruptedException {
    answers.put("tasks", list(true, 20_000, 10_000, 0, "[]"));
    assertNobodyIsKnownToBeIdle();
    answers.put("tasks", list(true, 20, 20, 15, "[]"));
    assertNobodyIsKnownToBeIdle();
    answers.put("tasks", list(false, 0, 0, 0, "[]"));
    assertNobodyIsKnownToBeIdle();
    answers.put("tasks", complete("null"));
    assertNobodyIsKnownToBeIdle();
  }

  /** Ray counts the dead ones that it left out as missing. */
  @Test
  void aNodeThatDiedHidesNobody() throws InterruptedException {
    answers.put("nodes", list(true, 5, 4, 4, NODES));

    ask();

    assertThat(workers.known("uid"))
        .hasValueSatisfying(idle -> assertThat(idle).containsExactly("10.0.0.3"));
  }

  @Test
  void aHeadThatAnswersSomethingElseKnowsNothing() throws InterruptedException {
    answers.put("actors", "<html>Unauthorized</html>");
    assertNobodyIsKnownToBeIdle();
    answers.put("actors", "");
    assertNobodyIsKnownToBeIdle();
    answers.put("actors", "x".repeat(20 << 20));
    assertNobodyIsKnownToBeIdle();
  }

  /** Three bytes each, and an object of many in the memory. */
  @Test
  void aHeadThatTellsOfMillionsKnowsNothing() throws InterruptedException {
    answers.put("tasks", list(true, 1, 1, 1_300_000, "[" + "{},".repeat(1_299_999) + "{}]"));
    assertNobodyIsKnownToBeIdle();
    answers.put("tasks", "[".repeat(3_000_000));
    assertNobodyIsKnownToBeIdle();
    answers.put("tasks", complete("[null]"));
    assertNobodyIsKnownToBeIdle();
  }

  /** As where their pods use the network of one host. */
  @Test
  void whoSharesTheAddressOfABusyWorkerIsNotKnownToBeIdle() throws InterruptedException {
    answers.put("nodes", complete(NODES.replace("10.0.0.3", "10.0.0.2")));
    assertNobodyIsKnownToBeIdle();
  }

  /** Its connections are given up, with all that came over them. */
  @Test
  void aHeadThatNeverEndsItsAnswerIsNotListenedToForEver() throws Exception {
    head.stop(0);
    try (ServerSocket endless = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      endless.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
      CountDownLatch answered = new CountDownLatch(1);
      workers.ask(
          new Head(
              "uid",
              endless.getInetAddress().getHostAddress(),
              endless.getLocalPort(),
              Optional.empty()),
          answered::countDown);
      List<Socket> connections = new ArrayList<>();
      for (int list = 0; list < 3; list++) {
        connections.add(endless.accept());
        connections.get(list).getOutputStream().write(BEGINNING);
      }
      answered.await();
      for (Socket connection : connections) {
        connection.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
        assertThat(isClosed(connection)).isTrue();
        connection.close();
      }
    }
    assertThat(workers.known("uid")).hasValueSatisfying(idle -> assertThat(idle).isEmpty());
  }

  @Test
  void aPortThatIsNoneKnowsNothing() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    workers.ask(new Head("uid", "127.0.0.1", 99_999, Optional.empty()), answered::countDown);
    answered.await();
    assertThat(workers.known("uid")).hasValueSatisfying(idle -> assertThat(idle).isEmpty());
  }

  private static boolean isClosed(Socket connection) throws IOException {
    try {
      connection.getInputStream().transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void aHeadThatIsNotThereKnowsNothing() throws InterruptedException {
    head.stop(0);
    assertNobodyIsKnownToBeIdle();
  }

  private void assertNobodyIsKnownToBeIdle() throws InterruptedException {
    ask();
    assertThat(workers.known("uid")).hasValueSatisfying(idle -> assertThat(idle).isEmpty());
  }

  @Test
  void aHeadThatAsksForATokenIsShownIt() throws InterruptedException {
    tokens.put(TOKEN, "secret");

    ask(Optional.of(TOKEN));

    assertThat(shown).containsExactly("Bearer secret", "Bearer secret", "Bearer secret");
    assertThat(workers.known("uid"))
        .hasValueSatisfying(idle -> assertThat(idle).containsExactly("10.0.0.3"));
  }

  @Test
  void otherHeadsAreShownNone() throws InterruptedException {
    tokens.put(TOKEN, "secret");
    ask();
    tokens.clear();
    ask(Optional.of(TOKEN));

    assertThat(requests).hasSize(6);
    assertThat(shown).isEmpty();
  }

  private void ask() throws InterruptedException {
    ask(Optional.empty());
  }

  private void ask(Optional<SecretKey> token) throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    String address = head.getAddress().getAddress().getHostAddress();
    workers.ask(new Head("uid", address, head.getAddress().getPort(), token), answered::countDown);
    answered.await();
  }

  private static String filter(String state) {
    return "?limit=10000&filter_keys=state&filter_predicates=%3D&filter_values=" + state;
  }

  private static String complete(String rows) {
    int size = rows.split("node_id", -1).length - 1;
    return list(true, 100, 100, size, rows);
  }

  private static String list(boolean result, int total, int truncated, int filtered, String rows) {
    return """
    {"result": %s, "msg": "", "data": {"result": {"total": %d, "num_after_truncation": %d,
     "num_filtered": %d, "partial_failure_warning": "", "warnings": null, "result": %s}}}
    """
        .formatted(result, total, truncated, filtered, rows);
  }
}
