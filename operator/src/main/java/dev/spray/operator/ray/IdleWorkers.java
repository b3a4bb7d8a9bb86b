package dev.spray.operator.ray;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spray.operator.plan.SecretKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which workers of a cluster have nothing to do, as its head says. What it says is good for some
 * seconds; a head that says nothing, or not soon, counts as one that knows of none.
 *
 * <p>A head runs what its users want: nothing that it says, or leaves unsaid, may fill the memory.
 * So it is asked for a bounded time, few heads are asked at once, and what an answer may be made of
 * is bounded too: in three bytes of JSON there is an object of many.
 */
public final class IdleWorkers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);
  private static final int HEADS_AT_ONCE = 4;

  /** The most that Ray's state API gives. */
  private static final int LIMIT = 10_000;

  /** Some 400 bytes and 60 tokens for each of so many rows. */
  private static final long MOST_BYTES = 4L << 20;

  private static final long MOST_TOKENS = 1_000_000;

  private static final HttpResponse.BodyHandler<byte[]> LIMITED =
      HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES);

  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .build()
          .readerFor(IdleReport.Answer.class);

  private static final Logger log = LoggerFactory.getLogger(IdleWorkers.class);

  private final InstantSource clock;
  private final Function<SecretKey, Optional<String>> tokens;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ExecutorService askers =
      Executors.newFixedThreadPool(
          HEADS_AT_ONCE, Thread.ofVirtual().name("idle-workers-", 0).factory());
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private record Known(Set<String> addresses, Instant at) {}

  /**
   * @param tokens reads a token, for heads that ask for one; empty where it can't
   */
  public IdleWorkers(InstantSource clock, Function<SecretKey, Optional<String>> tokens) {
    this.clock = clock;
    this.tokens = tokens;
  }

  /** Addresses of idle workers, as far as the head knows; empty when it wasn't asked lately. */
  public Optional<Set<String>> known(String clusterUid) {
    Instant oldest = clock.instant().minus(GOOD_FOR);
    known.values().removeIf(answer -> answer.at().isBefore(oldest));
    return Optional.ofNullable(known.get(clusterUid)).map(Known::addresses);
  }

  /**
   * Asks a head, unless it is being asked already.
   *
   * @param address of the head
   * @param port of its dashboard
   * @param token where the one is that it asks for; empty if for none, or for one of Kubernetes':
   *     the operator's own would be worth more to the head's users than what it tells
   * @param answered told when {@link #known} has an answer, whatever it is
   */
  public void ask(
      String clusterUid, String address, int port, Optional<SecretKey> token, Runnable answered) {
    if (!asked.add(clusterUid)) {
      return;
    }
    askers.execute(() -> {
      Set<String> idle = idle(address, port, token);
      known.put(clusterUid, new Known(idle, clock.instant()));
      asked.remove(clusterUid);
      answered.run();
    });
  }

  private Set<String> idle(String address, int port, Optional<SecretKey> token) {
    List<CompletableFuture<HttpResponse<byte[]>>> lists = new ArrayList<>();
    try {
      Optional<String> shown = token.flatMap(tokens);
      for (String list :
          List.of(
              "nodes" + inState("ALIVE"),
              "tasks" + inState("RUNNING"),
              "actors" + inState("ALIVE"))) {
        lists.add(http.sendAsync(request(address, port, shown, list), LIMITED));
      }
      CompletableFuture.allOf(lists.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return IdleReport.idle(
          parsed(lists.get(0).join()), parsed(lists.get(1).join()), parsed(lists.get(2).join()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of();
    } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
      log.debug("{} does not say which workers are idle: {}", address, e.toString());
      return Set.of();
    } finally {
      // Else a head that never ends its answer would keep its connection, and what it has sent.
      lists.forEach(list -> list.cancel(true));
    }
  }

  private static HttpRequest request(
      String address, int port, Optional<String> token, String list) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://%s:%d/api/v0/%s".formatted(host, port, list)));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request.timeout(PATIENCE).GET().build();
  }

  private static String inState(String state) {
    return "?limit=%d&filter_keys=state&filter_predicates=%%3D&filter_values=%s"
        .formatted(LIMIT, state);
  }

  private static IdleReport.Answer parsed(HttpResponse<byte[]> response) throws IOException {
    return JSON.readValue(response.body());
  }

  @Override
  public void close() {
    askers.shutdownNow();
    http.shutdownNow();
  }
}
