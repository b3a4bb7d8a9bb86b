package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices that another operator, KubeRay most likely, is at work on a cluster that this one has
 * taken over: it has written the status again. Both would make and delete the same pods, so that
 * this one leaves the cluster alone for a while.
 *
 * <p>It is remembered in this process only: the next one takes the cluster over once more, and
 * notices anew.
 */
final class Contest {
  /** KubeRay looks at a cluster every five minutes, and at once when one of its pods changes. */
  static final Duration PAUSE = Duration.ofMinutes(10);

  private final Map<String, TakeOver> takeOvers = new ConcurrentHashMap<>();

  /**
   * A status of another operator that was replaced.
   *
   * @param version that the cluster got by it
   * @param told whether it was found to be contested
   */
  private record TakeOver(long version, Instant at, boolean told) {}

  /**
   * What to do about a contested cluster.
   *
   * @param pause how long it is left alone
   * @param news whether nobody has been told yet
   */
  record Verdict(Duration pause, boolean news) {}

  /** Notes that the status of another operator was replaced. */
  void takenOver(RayCluster written, Instant now) {
    takeOvers.values().removeIf(old -> old.at().plus(PAUSE).isBefore(now));
    takeOvers.put(written.getMetadata().getUid(), new TakeOver(version(written), now, false));
  }

  /** Whether another operator has written the status since; empty when the cluster is ours. */
  Optional<Verdict> of(RayCluster cluster, Instant now) {
    if (cluster.getStatus() == null || !cluster.getStatus().writtenByAnother()) {
      return Optional.empty();
    }
    String uid = cluster.getMetadata().getUid();
    TakeOver last = takeOvers.get(uid);
    if (last == null || version(cluster) <= last.version()) {
      return Optional.empty();
    }
    Duration pause = Duration.between(now, last.at().plus(PAUSE));
    if (!pause.isPositive()) {
      return Optional.empty();
    }
    takeOvers.put(uid, new TakeOver(last.version(), last.at(), true));
    return Optional.of(new Verdict(pause, !last.told()));
  }

  /** Resource versions of one kind grow; since Kubernetes 1.35 they may be compared as numbers. */
  private static long version(RayCluster cluster) {
    return Long.parseLong(cluster.getMetadata().getResourceVersion());
  }
}
