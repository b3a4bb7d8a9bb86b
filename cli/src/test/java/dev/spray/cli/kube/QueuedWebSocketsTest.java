package dev.spray.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class QueuedWebSocketsTest {
  /** As the JDK's: one message at a time. */
  private static final class Busy implements WebSocket {
    private final List<Integer> sent = new ArrayList<>();
    private CompletableFuture<WebSocket> underway = CompletableFuture.completedFuture(this);
    private volatile boolean closed;

    @Override
    public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
      if (!underway.isDone()) {
        return CompletableFuture.failedFuture(new IllegalStateException("Send pending"));
      }
      sent.add(data.remaining());
      underway = new CompletableFuture<>();
      return underway;
    }

    @Override
    public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void request(long n) {}

    @Override
    public String getSubprotocol() {
      return "";
    }

    @Override
    public boolean isOutputClosed() {
      return closed;
    }

    @Override
    public boolean isInputClosed() {
      return false;
    }

    @Override
    public void abort() {}
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Busy busy = new Busy();
  private final WebSocket queued = new QueuedWebSockets.Queued(busy);

  @Test
  void aMessageWaitsForTheOneBefore() {
    var first = queued.sendBinary(ByteBuffer.allocate(1), true);
    var second = queued.sendBinary(ByteBuffer.allocate(2), true);
    var third = queued.sendBinary(ByteBuffer.allocate(3), true);
    assertThat(busy.sent).containsExactly(1);
    assertThat(first).isNotDone();

    busy.underway.complete(busy);
    assertThat(first).isCompletedWithValue(queued);
    assertThat(busy.sent).containsExactly(1, 2);
    assertThat(third).isNotDone();

    busy.underway.complete(busy);
    assertThat(second).isCompletedWithValue(queued);
    assertThat(busy.sent).containsExactly(1, 2, 3);
  }

  @Test
  void nothingFollowsOneThatFailed() {
    var first = queued.sendBinary(ByteBuffer.allocate(1), true);
    var second = queued.sendBinary(ByteBuffer.allocate(2), true);
    busy.underway.completeExceptionally(new IllegalStateException("the connection broke"));

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    assertThat(busy.sent).containsExactly(1);
  }

  /** Whoever reads faster than the network takes would fill the memory. */
  @Test
  void whoeverSendsTooMuchWaits() {
    for (int i = 0; i < QueuedWebSockets.Queued.MOST_WAITING; i++) {
      var _ = queued.sendBinary(ByteBuffer.allocate(1), true);
    }
    var more = sending(2);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> more.get(300, TimeUnit.MILLISECONDS));

    busy.underway.complete(busy);
    assertThat(more).succeedsWithin(PATIENCE).as("failed").isEqualTo(false);

    var evenMore = sending(3);
    busy.closed = true;
    assertThat(evenMore).succeedsWithin(PATIENCE).as("failed").isEqualTo(true);
  }

  /** In a thread of its own; tells whether it failed. */
  private CompletableFuture<Boolean> sending(int bytes) {
    return CompletableFuture.supplyAsync(
        () -> queued.sendBinary(ByteBuffer.allocate(bytes), true).isCompletedExceptionally());
  }
}
