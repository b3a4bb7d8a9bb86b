package dev.spray.cli.ray;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a job prints. Ray tells it from its beginning with each connection; it is handed on once.
 */
final class JobLogs {
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

  private final Consumer<String> out;
  private final Duration quiet;
  private int told;
  private int heard;

  /**
   * Of one job.
   *
   * @param quiet after which a connection is asked whether it is still there, and after which again
   *     it counts as broken when it doesn't answer
   */
  JobLogs(Consumer<String> out, Duration quiet) {
    this.out = out;
    this.quiet = quiet;
  }

  /**
   * Hands on what one connection tells, until Ray ends it.
   *
   * @param authorization header that shows the token; null: none is asked for
   * @return false when it broke
   */
  boolean stream(HttpClient http, URI address, String authorization) {
    begin();
    Lines lines = new Lines();
    try {
      WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(HANDSHAKE);
      if (authorization != null) {
        builder.header("Authorization", authorization);
      }
      WebSocket socket = builder.buildAsync(address, lines).join();
      try {
        return lines.end(socket);
      } finally {
        socket.abort();
      }
    } catch (CompletionException e) {
      return false;
    }
  }

  /** Hands on what is missing of the whole. */
  void complete(String whole) {
    begin();
    more(whole);
  }

  private synchronized void begin() {
    heard = 0;
  }

  private synchronized void more(CharSequence text) {
    int skip = Math.clamp(told - heard, 0, text.length());
    heard += text.length();
    if (skip < text.length()) {
      out.accept(text.subSequence(skip, text.length()).toString());
      told = heard;
    }
  }

  private final class Lines implements WebSocket.Listener {
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean alive = true;

    /** Whether Ray ended it, and not a wire that broke, perhaps without a word. */
    boolean end(WebSocket socket) {
      while (true) {
        try {
          return ended.get(quiet.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (!alive) {
            return false;
          }
          alive = false;
          var _ = socket.sendPing(ByteBuffer.allocate(0));
        } catch (ExecutionException e) {
          return false;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      alive = true;
      more(data);
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      alive = true;
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      var _ = ended.complete(code == WebSocket.NORMAL_CLOSURE);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      var _ = ended.complete(false);
    }
  }
}
