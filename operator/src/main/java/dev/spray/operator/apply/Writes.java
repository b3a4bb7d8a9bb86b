package dev.spray.operator.apply;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The gate through which every write goes: leadership is checked last thing before it, and only so
 * many are under way at once, because the JDK's HTTP/2 client fails beyond the server's bound of
 * concurrent streams.
 */
public final class Writes {
  private final Leadership leadership;
  private final Semaphore inFlight;

  /**
   * @param inFlight writes under way at once, over all clusters
   */
  public Writes(Leadership leadership, int inFlight) {
    this.leadership = leadership;
    this.inFlight = new Semaphore(inFlight, true);
  }

  <T> T send(Supplier<T> write) {
    inFlight.acquireUninterruptibly();
    try {
      leadership.require();
      return write.get();
    } finally {
      inFlight.release();
    }
  }
}
