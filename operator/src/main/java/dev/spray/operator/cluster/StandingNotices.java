package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long this process has seen the warning of a cluster stand. The times in the status are the
 * wall clock's, which may be set; this one can't be, and a process that has just started knows of
 * no time before. What is forgotten is only counted anew.
 */
final class StandingNotices {
  /** Much longer than the time between two passes over a cluster. */
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** With times as {@link System#nanoTime} gives them. */
  private record Seen(ExpiryNotice notice, long first, long last) {}

  /**
   * How long the warning stands; zero when there is none, or it wasn't seen before.
   *
   * @param cluster as it is stored: a warning that isn't yet doesn't stand
   * @param nanoTime now, as {@link System#nanoTime} gives it
   */
  Duration stoodFor(RayCluster cluster, long nanoTime) {
    String uid = cluster.getMetadata().getUid();
    Optional<ExpiryNotice> notice = ExpiryNotice.of(cluster);
    if (notice.isEmpty()) {
      seen.remove(uid);
      return Duration.ZERO;
    }
    Seen before = seen.get(uid);
    boolean known = before != null && isSame(before.notice(), notice.get());
    long first = known ? before.first() : nanoTime;
    if (!known) {
      seen.values().removeIf(other -> nanoTime - other.last() > FORGOTTEN.toNanos());
    }
    seen.put(uid, new Seen(notice.get(), first, nanoTime));
    return Duration.ofNanos(nanoTime - first);
  }

  /** The time that it names may be put off. */
  private static boolean isSame(ExpiryNotice one, ExpiryNotice other) {
    return one.reason().equals(other.reason()) && one.since().equals(other.since());
  }
}
