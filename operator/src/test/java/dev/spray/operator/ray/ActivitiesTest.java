package dev.spray.operator.ray;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.spray.operator.plan.SecretKey;
import dev.spray.operator.ray.Activity.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivitiesTest {
  private static final String COMPONENTS = "/api/component_activities";
  private static final String ACTORS = "/api/v0/actors";
  private static final SecretKey TOKEN = new SecretKey("playground", "demo", "auth_token");

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private final List<SecretKey> read = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Activities activities =
      new Activities(
          nanoTime::get,
          key -> {
            read.add(key);
            return Optional.of("secret");
          });
  private int status = 200;
  private HttpServer head;

  @BeforeEach
  void start() throws IOException {
    head = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    head.createContext(
        "/",
        exchange -> {
          shown.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
          byte[] body =
              answers.getOrDefault(exchange.getRequestURI().getPath(), "").getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    head.start();
    answers.put(COMPONENTS, driver("INACTIVE", null));
    answers.put(ACTORS, actors());
  }

  @AfterEach
  void stop() {
    head.stop(0);
    activities.close();
  }

  @Test
  void nobodyKnowsBeforeItIsAsked() {
    assertThat(activities.known("uid")).isEmpty();
  }

  @Test
  void withoutDriversAndActorsNothingRuns() throws Exception {
    assertThat(ask()).isEqualTo(Activity.nothing(Optional.empty()));
    assertThat(activities.known("other")).isEmpty();
  }

  @Test
  void whenTheLastDriverEndedIsTold() throws Exception {
    answers.put(COMPONENTS, driver("INACTIVE", "1772366400.25"));

    assertThat(ask())
        .isEqualTo(Activity.nothing(Optional.of(Instant.parse("2026-03-01T12:00:00.250Z"))));
  }

  @Test
  void aDriverRuns() throws Exception {
    answers.put(COMPONENTS, driver("ACTIVE", "1772366400.25"));

    assertThat(ask()).isEqualTo(Activity.running("A driver is connected"));
  }

  /** As somebody's hook says that RAY_CLUSTER_ACTIVITY_HOOK names. */
  @Test
  void anotherComponentRuns() throws Exception {
    answers.put(
        COMPONENTS,
        "{\"driver\": {\"is_active\": \"INACTIVE\"}, \"ide\": {\"is_active\": \"ACTIVE\"}}");

    assertThat(ask()).isEqualTo(Activity.running("ide is active"));
  }

  /** Its driver has ended: an application of Ray Serve, for example. */
  @Test
  void anActorRuns() throws Exception {
    answers.put(ACTORS, actors("ServeController", "serve"));

    assertThat(ask())
        .isEqualTo(Activity.running("An actor lives: ServeController of namespace serve"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"_dataset_stats_actor", "AutoscalingCoordinator", "_ray_internal_x"})
  void whatRaysLibrariesLeaveBehindDoesNotRun(String namespace) throws Exception {
    answers.put(ACTORS, actors("Any", namespace));

    assertThat(ask().state()).isEqualTo(State.NOTHING);
  }

  /** Even where the rest can't be read. */
  @Test
  void whatRunsRuns() throws Exception {
    answers.put(ACTORS, actors("Mine", "mine").replace("\"total\": 1", "\"total\": 20000"));
    assertThat(ask().state()).isEqualTo(State.RUNNING);

    answers.put(ACTORS, actors("Mine", "mine"));
    answers.put(COMPONENTS, driver("ERROR", null));
    assertThat(ask().state()).isEqualTo(State.RUNNING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        COMPONENTS + "|``",
        COMPONENTS + "|null",
        COMPONENTS + "|[]",
        COMPONENTS + "|{}",
        COMPONENTS + "|<html>Unauthorized</html>",
        COMPONENTS + "|{\"driver\": null}",
        COMPONENTS + "|{\"driver\": {}}",
        COMPONENTS + "|{\"driver\": {\"is_active\": \"ERROR\", \"reason\": \"no GCS\"}}",
        COMPONENTS + "|{\"driver\": {\"is_active\": \"inactive\"}}",
        COMPONENTS + "|{\"other\": {\"is_active\": \"INACTIVE\"}}",
        COMPONENTS
            + "|{\"driver\": {\"is_active\": \"INACTIVE\"}, \"a\": {\"is_active\": \"ERROR\"}}",
        COMPONENTS + "|{\"driver\": {\"is_active\": \"INACTIVE\", \"last_activity_at\": 1e300}}",
        COMPONENTS + "|{\"driver\": {\"is_active\": \"INACTIVE\", \"last_activity_at\": -1}}",
        COMPONENTS + "|{\"driver\": {\"is_active\": \"INACTIVE\", \"last_activity_at\": \"NaN\"}}",
        ACTORS + "|``",
        ACTORS + "|null",
        ACTORS + "|{\"result\": false, \"msg\": \"no GCS\", \"data\": null}",
        ACTORS + "|{\"result\": true, \"data\": {\"result\": {\"total\": 9, \"result\": []}}}"
      })
  void whatCannotBeReadIsUnknown(String path, String answer) throws Exception {
    answers.put(path, answer);

    assertThat(ask()).isEqualTo(Activity.unknown());
  }

  @Test
  void aListThatIsNotWholeIsUnknown() throws Exception {
    answers.put(ACTORS, actors().replace("\"total\": 0", "\"total\": 1"));

    assertThat(ask()).isEqualTo(Activity.unknown());
  }

  @Test
  void aHeadThatSaysNoIsUnknown() throws Exception {
    status = 401;

    assertThat(ask()).isEqualTo(Activity.unknown());
  }

  @Test
  void aHeadThatIsNotThereIsUnknown() throws Exception {
    head.stop(0);

    assertThat(ask()).isEqualTo(Activity.unknown());
  }

  @Test
  void anAnswerGrowsOldAndIsForgotten() throws Exception {
    ask();
    nanoTime.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(activities.known("uid"))
        .contains(Activity.nothing(Optional.empty()).aged(Duration.ofMinutes(4)));

    nanoTime.addAndGet(Duration.ofMinutes(26).toNanos());
    assertThat(activities.known("uid")).isEmpty();
  }

  /** A settled cluster makes no call of the API server. */
  @Test
  void aTokenIsReadOnceAndAgainWhenItIsNotTaken() throws Exception {
    ask(Optional.of(TOKEN));
    ask(Optional.of(TOKEN));
    assertThat(read).containsExactly(TOKEN);
    assertThat(shown).hasSize(4).allMatch("Bearer secret"::equals);

    status = 403;
    ask(Optional.of(TOKEN));
    status = 200;
    ask(Optional.of(TOKEN));
    assertThat(read).hasSize(2);
  }

  @Test
  void otherHeadsAreShownNone() throws Exception {
    ask();

    assertThat(shown).isEmpty();
    assertThat(read).isEmpty();
  }

  private Activity ask() throws InterruptedException {
    return ask(Optional.empty());
  }

  private Activity ask(Optional<SecretKey> token) throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    String address = head.getAddress().getAddress().getHostAddress();
    activities.ask(
        new Head("uid", address, head.getAddress().getPort(), token), answered::countDown);
    answered.await();
    return activities.known("uid").orElseThrow();
  }

  private static String driver(String active, String last) {
    return "{\"driver\": {\"is_active\": \"%s\", \"reason\": null, \"last_activity_at\": %s}}"
        .formatted(active, last);
  }

  private static String actors(String... classAndNamespace) {
    int rows = classAndNamespace.length / 2;
    String row =
        rows == 0
            ? ""
            : "{\"state\": \"ALIVE\", \"class_name\": \"%s\", \"ray_namespace\": \"%s\"}"
                .formatted((Object[]) classAndNamespace);
    return """
    {"result": true, "data": {"result": {"total": %1$d, "num_after_truncation": %1$d,
     "num_filtered": %1$d, "partial_failure_warning": "", "result": [%2$s]}}}
    """
        .formatted(rows, row);
  }
}
