package dev.spray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API server that answers as a test says, which a real one can't be asked to do. */
public final class ApiServer implements AutoCloseable {

  /** What it answers to a request. */
  @FunctionalInterface
  public interface Answers {
    /**
     * One answer.
     *
     * @param request method, path and query, for example {@code GET /api/v1/pods?limit=1}
     */
    Answer to(String request, String body);
  }

  /** An answer. */
  public record Answer(int code, String body) {

    /** What was asked for. */
    public static Answer ok(String body) {
      return new Answer(200, body);
    }

    /** Why it isn't done. */
    public static Answer refused(int code, String message) {
      return new Answer(
          code,
          "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": %d, \"message\": \"%s\"}"
              .formatted(code, message));
    }
  }

  private final HttpServer server;

  /** Starts it. */
  public ApiServer(Answers answers) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Answer answer =
              answers.to(
                  exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] body = answer.body().getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("Retry-After", "0");
          exchange.sendResponseHeaders(answer.code(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** A kubeconfig that leads to it. */
  public Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {token: t}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
