package dev.spray.e2e.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays the dashboard of a head, as far as it tells what runs, where there is no Ray. */
public final class FakeDashboard implements AutoCloseable {
  private static final String NO_ACTORS =
      """
      {"result": true, "data": {"result": {"total": 0, "num_after_truncation": 0,
       "num_filtered": 0, "partial_failure_warning": "", "result": []}}}
      """;

  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String driver = "INACTIVE";

  /** Listens; no driver is connected. */
  public FakeDashboard() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answer("/api/component_activities", true);
    answer("/api/v0/actors", false);
    server.start();
  }

  private void answer(String path, boolean counts) {
    server.createContext(
        path,
        exchange -> {
          byte[] body =
              (counts ? "{\"driver\": {\"is_active\": \"%s\"}}".formatted(driver) : NO_ACTORS)
                  .getBytes(UTF_8);
          if (counts) {
            asked.incrementAndGet();
          }
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** What it says of drivers from now on: {@code ACTIVE}, {@code INACTIVE} or {@code ERROR}. */
  public void drivers(String state) {
    driver = state;
  }

  /** How often it was asked. */
  public int asked() {
    return asked.get();
  }

  /** The IP address at which it listens. */
  public String address() {
    return server.getAddress().getAddress().getHostAddress();
  }

  /** Its TCP port. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
