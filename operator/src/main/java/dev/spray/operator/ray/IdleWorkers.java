package dev.spray.operator.ray;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which workers of a cluster have nothing to do, as its head says. What it says is good for some
 * seconds; a head that says nothing, or not soon, counts as one that knows of none.
 */
public final class IdleWorkers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);

  /** The most that Ray's state API gives. */
  private static final int LIMIT = 10_000;

  /** A head runs what its users want: nothing that it says may fill the memory. */
  private static final HttpResponse.BodyHandler<String> LIMITED =
      HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), 16L << 20);

  private static final JsonMapper JSON = new JsonMapper();
  private static final Logger log = LoggerFactory.getLogger(IdleWorkers.class);

  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private record Answer(Set<String> addresses, Instant at) {}

  public IdleWorkers(InstantSource clock) {
    this.clock = clock;
  }

  /** Addresses of idle workers, as far as the head knows; empty when it wasn't asked lately. */
  public Optional<Set<String>> known(String clusterUid) {
    Instant oldest = clock.instant().minus(GOOD_FOR);
    answers.values().removeIf(answer -> answer.at().isBefore(oldest));
    return Optional.ofNullable(answers.get(clusterUid)).map(Answer::addresses);
  }

  /**
   * Asks a head, unless it is being asked already.
   *
   * @param address of the head
   * @param port of its dashboard
   * @param answered told when {@link #known} has an answer, whatever it is
   */
  public void ask(String clusterUid, String address, int port, Runnable answered) {
    if (!asked.add(clusterUid)) {
      return;
    }
    String host = address.contains(":") ? "[" + address + "]" : address;
    URI dashboard = URI.create("http://%s:%d".formatted(host, port));
    CompletableFuture<JsonNode> nodes = list(dashboard, "nodes", "ALIVE");
    CompletableFuture<JsonNode> tasks = list(dashboard, "tasks", "RUNNING");
    CompletableFuture<JsonNode> actors = list(dashboard, "actors", "ALIVE");
    var _ =
        CompletableFuture.allOf(nodes, tasks, actors)
            .thenApply(all -> IdleReport.idle(nodes.join(), tasks.join(), actors.join()))
            .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(e -> {
              log.debug("{} does not say which workers are idle: {}", dashboard, e.toString());
              return Set.of();
            })
            .thenAccept(addresses -> {
              answers.put(clusterUid, new Answer(addresses, clock.instant()));
              asked.remove(clusterUid);
              answered.run();
            });
  }

  private CompletableFuture<JsonNode> list(URI dashboard, String what, String state) {
    String path =
        "/api/v0/%s?limit=%d&filter_keys=state&filter_predicates=%%3D&filter_values=%s"
            .formatted(what, LIMIT, state);
    HttpRequest request =
        HttpRequest.newBuilder(dashboard.resolve(path)).timeout(PATIENCE).GET().build();
    return http.sendAsync(request, LIMITED).thenApply(response -> parsed(response.body()));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CompletionException(e);
    }
  }
}
