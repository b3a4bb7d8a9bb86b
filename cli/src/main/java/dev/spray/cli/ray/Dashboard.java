package dev.spray.cli.ray;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.api.ClippedName;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.failure.Failures;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Session;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/** HTTP to a cluster's dashboard. A connection that breaks is made anew for a while. */
public final class Dashboard implements AutoCloseable {
  private static final int PORT = 8265;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 500;
  private static final int NOT_FOUND = 404;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int INTERNAL_ERROR = 500;

  /** Answers of what stands before a dashboard that is not there yet. */
  private static final Set<Integer> AWAY = Set.of(502, 503);

  /** What no other try changes. */
  private static final Set<ErrorCode> IN_VAIN =
      Set.of(ErrorCode.FORBIDDEN, ErrorCode.UNAUTHENTICATED);

  /** A second, over a line that one would still wait for. */
  private static final int SLOWEST_BYTES = 100_000;

  private final String cluster;
  private final Forward forward;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** The one of a cluster. */
  public Dashboard(Session session, Cluster cluster) {
    this.cluster = cluster.name();
    this.token = token(session, cluster);
    this.forward = new Forward(session.client(), cluster.namespace(), cluster.headPod(), PORT, 0);
  }

  /** What callers of Ray must show; null when they need nothing. */
  public static String token(Session session, Cluster cluster) {
    if (!cluster.authenticated()) {
      return null;
    }
    if (Json.at(cluster.spec(), "authOptions", "enableK8sTokenAuth").asBoolean()) {
      return session.config().getAutoOAuthToken() != null
          ? session.config().getAutoOAuthToken()
          : session.config().getOauthToken();
    }
    String named = Json.text(cluster.spec(), "authOptions", "secretName");
    String name = named != null ? named : ClippedName.of(cluster.name());
    Secret secret =
        session.client().secrets().inNamespace(cluster.namespace()).withName(name).get();
    if (secret == null || secret.getData() == null || !secret.getData().containsKey("auth_token")) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Ray wants a token, and Secret " + name + " has none under auth_token");
    }
    return new String(
        Base64.getDecoder().decode(secret.getData().get("auth_token")), StandardCharsets.UTF_8);
  }

  /** Where it is now. */
  URI at(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + forward.localPort() + path);
  }

  /** The client, for what isn't a plain request. */
  HttpClient http() {
    return http;
  }

  /** Header that shows the token; null when there is none to show. */
  String authorization() {
    return token == null ? null : "Bearer " + token;
  }

  /** Breaks the connection off; the next request makes it anew. */
  public void reopen() {
    forward.reopen();
  }

  /** GET. */
  public JsonNode get(String path) {
    return json(send("GET", path, HttpRequest.BodyPublishers.noBody()));
  }

  /** Whether there is something at a path. */
  boolean exists(String path) {
    HttpResponse<String> response = send("GET", path, HttpRequest.BodyPublishers.noBody());
    if (response.statusCode() == NOT_FOUND) {
      return false;
    }
    json(response);
    return true;
  }

  /** POST of JSON. */
  JsonNode post(String path, JsonNode body) {
    return json(send("POST", path, HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  /** PUT of a file. */
  void put(String path, Path file) throws FileNotFoundException {
    json(send("PUT", path, HttpRequest.BodyPublishers.ofFile(file)));
  }

  private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body) {
    Instant giveUp = Instant.now().plus(PATIENCE);
    while (true) {
      boolean last = Instant.now().isAfter(giveUp);
      try {
        HttpResponse<String> response =
            http.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
        if (last || !away(response)) {
          return response;
        }
      } catch (IOException | KubernetesClientException | Failure e) {
        Failure failure = Failures.of(e);
        if (IN_VAIN.contains(failure.code())) {
          throw failure;
        }
        if (last) {
          throw new Failure(
                  ErrorCode.UNREACHABLE,
                  "the dashboard of cluster " + cluster + " can't be reached")
              .because(Failures.said(e))
              .suggesting("sp-ray describe cluster " + cluster);
        }
        reopen();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure(ErrorCode.INTERRUPTED, "interrupted");
      }
      pause();
    }
  }

  private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at("http", path))
            .method(method, body)
            .timeout(PATIENCE.plusSeconds(Math.max(0, body.contentLength()) / SLOWEST_BYTES))
            .header("Content-Type", "application/json");
    return token == null
        ? request.build()
        : request.header("Authorization", authorization()).build();
  }

  /** Whether Ray, or what stands before it, says that it isn't there yet. */
  private static boolean away(HttpResponse<String> response) {
    return AWAY.contains(response.statusCode())
        || (response.statusCode() == INTERNAL_ERROR && response.body().contains("try again later"));
  }

  /** Between two tries. */
  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ErrorCode.INTERRUPTED, "interrupted");
    }
  }

  private JsonNode json(HttpResponse<String> response) {
    int code = response.statusCode();
    String said = response.body().strip();
    if (code == UNAUTHORIZED || code == FORBIDDEN) {
      throw new Failure(ErrorCode.FORBIDDEN, "Ray in cluster " + cluster + " doesn't let you in")
          .because(said);
    }
    if (code == NOT_FOUND) {
      throw new Failure(ErrorCode.NOT_FOUND, "Ray in cluster " + cluster + " knows no such thing")
          .because(said);
    }
    if (code >= 400) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Ray in cluster " + cluster + " refused it")
          .because(last(said));
    }
    try {
      return said.isEmpty() ? Json.object() : Json.parse(said);
    } catch (JsonProcessingException e) {
      return Json.object().put("text", said);
    }
  }

  /**
   * Ray answers with whole tracebacks, one in another, and ends some with a full stop of its own;
   * what went wrong is the last line with words in it.
   */
  static String last(String said) {
    return said.lines()
        .map(String::strip)
        .filter(line -> line.chars().anyMatch(Character::isLetter))
        .reduce("", (before, line) -> line);
  }

  @Override
  public void close() {
    http.shutdownNow();
    forward.close();
  }
}
