package dev.spray.cli.kube;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Waits until a cluster is as it is to be, and ends early when it won't be. */
public final class Waiting {
  private static final long LOOK_AGAIN_MILLIS = 1000;

  private final Session session;
  private final Progress progress;
  private final Duration timeout;
  private final Health.Patience patience;

  public Waiting(Session session, Progress progress, Duration timeout, Health.Patience patience) {
    this.session = session;
    this.progress = progress;
    this.timeout = timeout;
    this.patience = patience;
  }

  /** Until all that the spec asks for is there; returns it. */
  public Cluster ready(Cluster cluster) {
    Instant since = Instant.now();
    // The spec may be changed on the way, by the operator itself: then its patience begins anew.
    Instant attended = since;
    try (Observer observer = new Observer(session, cluster.namespace(), cluster.name());
        Progress shown = progress.begun()) {
      while (true) {
        Cluster now = observer.cluster();
        if (now == null || !now.uid().equals(cluster.uid())) {
          throw new Failure(
              ErrorCode.NOT_FOUND, "cluster " + cluster.name() + " was deleted meanwhile");
        }
        attended = now.observed() ? Instant.now() : attended;
        List<RayPod> pods = observer.pods();
        Health health =
            stale(cluster, now)
                ? new Health.Working("waiting for the operator")
                : Health.of(now, pods, notes(observer, pods), patience, attended, Instant.now());
        switch (health) {
          case Health.Ready() -> {
            return now;
          }
          case Health.Broken(Failure failure) -> throw failure;
          case Health.Working(String phase) -> {
            shown.phase(phase);
            check(since, cluster, phase);
          }
        }
        observer.await(LOOK_AGAIN_MILLIS);
      }
    }
  }

  /** Whether the watch is behind what the caller has written. */
  private static boolean stale(Cluster written, Cluster seen) {
    return Json.at(seen.tree(), "metadata", "generation").asLong()
        < Json.at(written.tree(), "metadata", "generation").asLong();
  }

  /** Until something is true of it; it may have no pods by then. */
  public Cluster until(Cluster cluster, String phase, Predicate<Cluster> there) {
    Instant since = Instant.now();
    try (Observer observer = new Observer(session, cluster.namespace(), cluster.name());
        Progress shown = progress.begun()) {
      while (true) {
        Cluster now = observer.cluster();
        if (now != null && !stale(cluster, now) && there.test(now)) {
          return now;
        }
        shown.phase(phase);
        check(since, cluster, phase);
        observer.await(LOOK_AGAIN_MILLIS);
      }
    }
  }

  /** Until it is gone. */
  public void gone(Cluster cluster) {
    Instant since = Instant.now();
    try (Observer observer = new Observer(session, cluster.namespace(), cluster.name());
        Progress shown = progress.begun()) {
      while (true) {
        Cluster now = observer.cluster();
        if (now == null || !now.uid().equals(cluster.uid())) {
          return;
        }
        shown.phase("deleting");
        check(since, cluster, "being deleted");
        observer.await(LOOK_AGAIN_MILLIS);
      }
    }
  }

  private static Set<String> notes(Observer observer, List<RayPod> pods) {
    Set<String> notes = new HashSet<>();
    for (RayPod pod : pods) {
      if (pod.status().equals("Unschedulable")) {
        notes.addAll(observer.notes(pod));
        break;
      }
    }
    return notes;
  }

  private void check(Instant since, Cluster cluster, String phase) {
    if (Duration.between(since, Instant.now()).compareTo(timeout) > 0) {
      throw new Failure(
              ErrorCode.TIMEOUT,
              "cluster " + cluster.name() + " is not there after " + Ages.words(timeout))
          .because(phase)
          .suggesting(
              "it goes on; sp-ray describe cluster "
                  + cluster.name()
                  + " -n "
                  + cluster.namespace());
    }
  }
}
