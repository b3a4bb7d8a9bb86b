package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.apply.EventWriter;
import dev.spray.operator.apply.StatusWriter;
import dev.spray.operator.observe.ClusterObserver;
import dev.spray.operator.plan.EventNote;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of clusters: written when it is time, taken over where another operator had it,
 * and left alone, with the whole cluster, where that one still writes it.
 */
final class StatusReconciler {
  private static final Logger log = LoggerFactory.getLogger(StatusReconciler.class);

  private final StatusWriter writer;
  private final EventWriter events;
  private final Contest contest = new Contest();

  StatusReconciler(StatusWriter writer, EventWriter events) {
    this.writer = writer;
    this.events = events;
  }

  /**
   * For how long a cluster is left alone because another operator is at work on it, which is told
   * once: two would make, and take away, the same pods. Empty: it is ours.
   */
  Optional<Duration> leftAlone(RayCluster cluster, Instant now) {
    Optional<Contest.Verdict> contested = contest.of(cluster, now);
    if (contested.filter(Contest.Verdict::news).isPresent()) {
      EventNote note = ClusterEvents.ofContest();
      log.error("{}: {}", ResourceID.fromResource(cluster), note.note());
      events.write(cluster, note);
    }
    return contested.map(Contest.Verdict::pause);
  }

  /**
   * Writes the status if it changed and it is time.
   *
   * @return how long to wait, if the status changed too soon after it was last written
   */
  Optional<Duration> write(
      RayCluster cluster, Context<RayCluster> context, RayClusterStatus status, Instant now) {
    if (status.equals(cluster.getStatus())) {
      return Optional.empty();
    }
    Duration wait = StatusPace.wait(cluster.getStatus(), status, now);
    if (wait.isPositive()) {
      return Optional.of(wait);
    }
    Optional<RayCluster> written = writer.write(cluster, status);
    if (cluster.getStatus() != null && cluster.getStatus().writtenByAnother()) {
      log.info("{} is taken over from another operator", ResourceID.fromResource(cluster));
      written.ifPresent(ours -> contest.takenOver(ours, now));
    }
    written.ifPresent(ours -> ClusterObserver.written(ours, cluster, context));
    return Optional.empty();
  }
}
