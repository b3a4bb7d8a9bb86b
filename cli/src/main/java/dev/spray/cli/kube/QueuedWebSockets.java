package dev.spray.cli.kube;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's HTTP client, but for its web sockets: they take a message while the one before is still
 * on its way.
 *
 * <p>The JDK's refuse that, and fabric8's client, which does it, gives up a connection for it as
 * soon as there is more to send than the network takes at once: files, and all that ssh carries.
 */
final class QueuedWebSockets extends JdkHttpClientFactory {
  @Override
  protected HttpClient.Builder createNewHttpClientBuilder() {
    return new ClientBuilder(super.createNewHttpClientBuilder());
  }

  /**
   * One whose messages wait for each other, and whose senders wait when there are many: what
   * carries a port's bytes sends as fast as it reads.
   */
  static final class Queued implements WebSocket {
    /** Of the size of a port-forward, 4 KiB: 4 MiB. */
    static final int MOST_WAITING = 1024;

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final WebSocket socket;
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private CompletableFuture<WebSocket> last = CompletableFuture.completedFuture(this);

    Queued(WebSocket socket) {
      this.socket = socket;
    }

    /** After one that failed none is sent. */
    private synchronized CompletableFuture<WebSocket> queue(
        Supplier<CompletableFuture<WebSocket>> message) {
      last = last.thenCompose(before -> message.get()).thenApply(sent -> this);
      return last;
    }

    @Override
    public CompletableFuture<WebSocket> sendText(CharSequence data, boolean isLast) {
      return queue(() -> socket.sendText(data, isLast));
    }

    @Override
    public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean isLast) {
      try {
        while (!room.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
          // What was under way then may never be told to have ended.
          if (socket.isOutputClosed()) {
            return CompletableFuture.failedFuture(new IOException("the connection is closed"));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return CompletableFuture.failedFuture(e);
      }
      CompletableFuture<WebSocket> sent = queue(() -> socket.sendBinary(data, isLast));
      var _ = sent.whenComplete((done, failure) -> room.release());
      return sent;
    }

    @Override
    public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
      return queue(() -> socket.sendPing(message));
    }

    @Override
    public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
      return queue(() -> socket.sendPong(message));
    }

    @Override
    public CompletableFuture<WebSocket> sendClose(int code, String reason) {
      return queue(() -> socket.sendClose(code, reason));
    }

    @Override
    public void request(long n) {
      socket.request(n);
    }

    @Override
    public String getSubprotocol() {
      return socket.getSubprotocol();
    }

    @Override
    public boolean isOutputClosed() {
      return socket.isOutputClosed();
    }

    @Override
    public boolean isInputClosed() {
      return socket.isInputClosed();
    }

    @Override
    public void abort() {
      socket.abort();
    }
  }

  /** Tells of the queued socket instead of the one beneath. */
  private static final class Listener implements WebSocket.Listener {
    private final WebSocket.Listener to;
    private volatile Queued queued;

    Listener(WebSocket.Listener to) {
      this.to = to;
    }

    @Override
    public void onOpen(WebSocket socket) {
      queued = new Queued(socket);
      to.onOpen(queued);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
      return to.onText(queued, data, isLast);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean isLast) {
      return to.onBinary(queued, data, isLast);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      return to.onPing(queued, message);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      return to.onPong(queued, message);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      return to.onClose(queued, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      to.onError(queued, error);
    }
  }

  private record SocketBuilder(WebSocket.Builder to) implements WebSocket.Builder {
    @Override
    public WebSocket.Builder header(String name, String value) {
      var _ = to.header(name, value);
      return this;
    }

    @Override
    public WebSocket.Builder connectTimeout(Duration timeout) {
      var _ = to.connectTimeout(timeout);
      return this;
    }

    @Override
    public WebSocket.Builder subprotocols(String first, String... others) {
      var _ = to.subprotocols(first, others);
      return this;
    }

    @Override
    public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
      Listener telling = new Listener(listener);
      return to.buildAsync(uri, telling).thenApply(socket -> telling.queued);
    }
  }

  private record ClientBuilder(HttpClient.Builder to) implements HttpClient.Builder {
    @Override
    public HttpClient.Builder cookieHandler(CookieHandler handler) {
      return new ClientBuilder(to.cookieHandler(handler));
    }

    @Override
    public HttpClient.Builder connectTimeout(Duration timeout) {
      return new ClientBuilder(to.connectTimeout(timeout));
    }

    @Override
    public HttpClient.Builder sslContext(SSLContext context) {
      return new ClientBuilder(to.sslContext(context));
    }

    @Override
    public HttpClient.Builder sslParameters(SSLParameters parameters) {
      return new ClientBuilder(to.sslParameters(parameters));
    }

    @Override
    public HttpClient.Builder executor(Executor executor) {
      return new ClientBuilder(to.executor(executor));
    }

    @Override
    public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
      return new ClientBuilder(to.followRedirects(policy));
    }

    @Override
    public HttpClient.Builder version(HttpClient.Version version) {
      return new ClientBuilder(to.version(version));
    }

    @Override
    public HttpClient.Builder priority(int priority) {
      return new ClientBuilder(to.priority(priority));
    }

    @Override
    public HttpClient.Builder proxy(ProxySelector selector) {
      return new ClientBuilder(to.proxy(selector));
    }

    @Override
    public HttpClient.Builder authenticator(Authenticator authenticator) {
      return new ClientBuilder(to.authenticator(authenticator));
    }

    @Override
    public HttpClient build() {
      return new Client(to.build());
    }
  }

  private static final class Client extends HttpClient {
    private final HttpClient to;

    Client(HttpClient to) {
      this.to = to;
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
      return new SocketBuilder(to.newWebSocketBuilder());
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
      return to.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
      return to.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
      return to.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
      return to.proxy();
    }

    @Override
    public SSLContext sslContext() {
      return to.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
      return to.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
      return to.authenticator();
    }

    @Override
    public Version version() {
      return to.version();
    }

    @Override
    public Optional<Executor> executor() {
      return to.executor();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
        throws IOException, InterruptedException {
      return to.send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
        HttpRequest request, HttpResponse.BodyHandler<T> handler) {
      return to.sendAsync(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
        HttpRequest request,
        HttpResponse.BodyHandler<T> handler,
        HttpResponse.PushPromiseHandler<T> pushes) {
      return to.sendAsync(request, handler, pushes);
    }

    @Override
    public void shutdown() {
      to.shutdown();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
      return to.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
      return to.isTerminated();
    }

    @Override
    public void shutdownNow() {
      to.shutdownNow();
    }

    @Override
    public void close() {
      to.close();
    }
  }
}
