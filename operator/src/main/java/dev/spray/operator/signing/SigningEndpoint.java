package dev.spray.operator.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.spray.operator.resources.Signing;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where pods of encrypted clusters have their certificates signed. */
public final class SigningEndpoint implements AutoCloseable {
  /** Far more than a request with the largest of keys. */
  private static final int LONGEST_REQUEST = 16 * 1024;

  /** Each asks the API server two or three things; the watches share its connection. */
  private static final int AT_ONCE = 8;

  private static final String BEARER = "Bearer ";
  private static final Logger log = LoggerFactory.getLogger(SigningEndpoint.class);

  private final HttpsServer server;
  private final Signer signer;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /**
   * Takes the port, but answers only when it is started.
   *
   * @param port TCP port; 0: any free one
   * @param clusterDomain in which Kubernetes' DNS knows services
   * @throws IOException when the port is taken
   */
  public SigningEndpoint(int port, Knowledge knowledge, String clusterDomain, InstantSource clock)
      throws IOException {
    KnownAuthorities authorities = new KnownAuthorities(knowledge, clock);
    signer = new Signer(knowledge, authorities, clusterDomain, clock);
    try {
      server = HttpsServer.create(new InetSocketAddress(port), 0);
    } catch (BindException e) {
      throw new IOException(
          "port %d is taken: give another one with --signing-port, or 0 for any free one"
              .formatted(port),
          e);
    }
    server.setHttpsConfigurator(new HttpsConfigurator(context(knowledge, authorities)));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(Signing.PATH, this::answer);
  }

  private static SSLContext context(Knowledge knowledge, KnownAuthorities authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new ServerKeys(knowledge, authorities)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** Answers from now on. */
  public void start() {
    server.start();
  }

  /** Its TCP port. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange, HttpURLConnection.HTTP_OK, signed(exchange));
      } catch (Refusal e) {
        log.debug("No certificate for {}: {}", exchange.getRemoteAddress(), e.getMessage());
        answer(exchange, e.code(), e.getMessage() + "\n");
      } catch (RuntimeException e) {
        log.warn("No certificate for {}: {}", exchange.getRemoteAddress(), e.getMessage());
        answer(
            exchange,
            HttpURLConnection.HTTP_UNAVAILABLE,
            "the operator could not sign: " + e.getMessage() + "\n");
      }
    }
  }

  private String signed(HttpExchange exchange) throws Refusal, IOException {
    if (!exchange.getRequestMethod().equals("POST")
        || !exchange.getRequestURI().getPath().equals(Signing.PATH)) {
      throw new Refusal(
          HttpURLConnection.HTTP_BAD_METHOD, "post a certificate request to " + Signing.PATH);
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith(BEARER)) {
      throw new Refusal(HttpURLConnection.HTTP_UNAUTHORIZED, "there is no token");
    }
    byte[] request = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
    if (request.length > LONGEST_REQUEST) {
      throw new Refusal(HttpURLConnection.HTTP_ENTITY_TOO_LARGE, "the request is too long");
    }
    String podIps = exchange.getRequestHeaders().getFirst(Signing.POD_IPS);
    places.acquireUninterruptibly();
    try {
      return signer.sign(
          authorization.substring(BEARER.length()).strip(),
          podIps == null ? "" : podIps,
          new String(request, UTF_8));
    } finally {
      places.release();
    }
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }
}
