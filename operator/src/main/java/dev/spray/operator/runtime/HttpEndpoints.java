package dev.spray.operator.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /livez} and {@code /readyz} on one port, {@code /metrics} on another. */
final class HttpEndpoints implements AutoCloseable {
  private final HttpServer health;
  private final HttpServer metrics;

  /**
   * @param live whether the process does its work, whatever the API server does
   * @param ready whether the caches are filled
   * @param scrape the metrics page
   * @throws IOException when a port is taken
   */
  HttpEndpoints(
      Options options, BooleanSupplier live, BooleanSupplier ready, Supplier<String> scrape)
      throws IOException {
    health = server("--health-port", options.healthPort());
    serveCheck("/livez", live);
    serveCheck("/healthz", live);
    serveCheck("/readyz", ready);
    metrics = server("--metrics-port", options.metricsPort());
    metrics.createContext(
        "/metrics", exchange -> answer(exchange, HttpURLConnection.HTTP_OK, scrape.get()));
    health.start();
    metrics.start();
  }

  int healthPort() {
    return health.getAddress().getPort();
  }

  int metricsPort() {
    return metrics.getAddress().getPort();
  }

  @Override
  public void close() {
    health.stop(0);
    metrics.stop(0);
  }

  private void serveCheck(String path, BooleanSupplier check) {
    health.createContext(
        path,
        exchange -> {
          boolean good = check.getAsBoolean();
          answer(
              exchange,
              good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
              good ? "ok\n" : "not yet\n");
        });
  }

  private static HttpServer server(String flag, int port) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (BindException e) {
      throw new IOException(
          "port %d is taken: give another one with %s, or 0 for any free one".formatted(port, flag),
          e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
