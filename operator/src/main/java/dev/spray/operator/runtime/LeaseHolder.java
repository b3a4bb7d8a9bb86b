package dev.spray.operator.runtime;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;

/**
 * Who holds a lease, as far as one can tell who reads it now and then: a holder counts as alive
 * until its record stood still for as long as it said, by our clock.
 */
final class LeaseHolder {
  private final Duration usual;

  /** What the lease looked like when it last changed, and when that was. */
  private String record = "";

  private long since;

  /**
   * @param usual how long a lease is held that doesn't say it
   */
  LeaseHolder(Duration usual) {
    this.usual = usual;
  }

  /** The name on it; empty when there is none. */
  static String name(Lease lease) {
    LeaseSpec spec = lease.getSpec();
    return spec == null || spec.getHolderIdentity() == null ? "" : spec.getHolderIdentity();
  }

  /**
   * Whether a holder is alive.
   *
   * @param lease as it was read
   * @param now {@link System#nanoTime} before it was read
   */
  boolean isAlive(Lease lease, long now) {
    String holder = name(lease);
    if (holder.isEmpty()) {
      return false;
    }
    String read = holder + "@" + lease.getMetadata().getResourceVersion();
    if (!read.equals(record)) {
      record = read;
      since = now;
    }
    Integer seconds = lease.getSpec().getLeaseDurationSeconds();
    Duration duration = seconds == null ? usual : Duration.ofSeconds(seconds);
    return now - since < duration.toNanos();
  }
}
