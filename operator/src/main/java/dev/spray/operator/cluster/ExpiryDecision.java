package dev.spray.operator.cluster;

import dev.spray.api.platform.Extension;
import dev.spray.api.platform.PlatformLifecycle;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.cluster.Expiry.Cause;
import dev.spray.operator.cluster.Expiry.Due;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.ray.Activity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides when a cluster is suspended or deleted by its {@code spec.platform.lifecycle}; pure.
 *
 * <p>Nothing expires but after a warning that has stood its whole length, by the wall clock and by
 * what this process has seen of it: so no clock that is set, no restart and no time that is
 * shortened cuts it. A warning is of one deed for one cause. It is taken away when the cause is,
 * and another cause or deed needs another warning. What can't be read lets nothing expire.
 */
final class ExpiryDecision {
  /** As for clusters without timers: no clock that is set is noticed later than that. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final RayCluster cluster;
  private final PlatformLifecycle lifecycle;
  private final Optional<Instant> extended;
  private final ObservedCluster observed;
  private final Instant now;
  private final Duration stood;
  private final Duration warning;
  private final Optional<ExpiryNotice> standing;
  private Optional<Duration> lookAgainIn = Optional.empty();

  private ExpiryDecision(
      RayCluster cluster,
      Optional<Instant> extended,
      ObservedCluster observed,
      Instant now,
      Duration stood,
      Duration warning) {
    this.cluster = cluster;
    this.lifecycle = cluster.getSpec().platform().lifecycle();
    this.extended = extended;
    this.observed = observed;
    this.now = now;
    this.stood = stood;
    this.warning = warning;
    // One from the future was given by another clock, and says nothing about ours.
    this.standing = ExpiryNotice.of(cluster).filter(notice -> !notice.since().isAfter(now));
  }

  /**
   * @param cluster valid, as it is stored
   * @param stood how long this process has seen its warning stand
   * @param warning how long one must stand
   */
  static Expiry decide(
      RayCluster cluster, ObservedCluster observed, Instant now, Duration stood, Duration warning) {
    if (cluster.getSpec().platform() == null
        || cluster.getSpec().platform().lifecycle() == null
        || cluster.isMarkedForDeletion()) {
      return Expiry.NONE;
    }
    Extension extension = Extension.of(cluster.getMetadata().getAnnotations());
    return new ExpiryDecision(cluster, extension.until(), observed, now, stood, warning)
        .expiry(extension.problem().isEmpty());
  }

  /** The deed itself, if it is to be done now. */
  static Optional<Action> action(RayCluster cluster, Expiry expiry) {
    return expiry.due().filter(due -> expiry.carriedOut()).map(due -> action(cluster, due));
  }

  private static Action action(RayCluster cluster, Due due) {
    String why =
        "%s, and its users have been warned since %s".formatted(due.why(), time(due.since()));
    return due.deletes()
        ? new Action.DeleteCluster(cluster, Reasons.deleteExpired(why))
        : new Action.SuspendCluster(cluster, Reasons.suspendExpired(why));
  }

  /** A cause that there is, whether or not its time has come. */
  private record Candidate(Cause cause, Instant due, String why) {}

  private Expiry expiry(boolean readable) {
    Optional<Idleness> idleness =
        lifecycle.timeIdle().flatMap(timeout -> Idleness.of(cluster, observed, now));
    boolean expires =
        readable
            && lifecycle.problems().isEmpty()
            && (lifecycle.deletes() || !cluster.getSpec().suspended());
    List<Candidate> candidates = expires ? candidates(idleness) : List.of();
    Optional<Due> due = due(candidates);
    boolean stands = due.filter(notice -> isWarnedOf(notice.cause())).isPresent();
    boolean hasStood = stands && !now.isBefore(due.get().at()) && stood.compareTo(warning) >= 0;
    boolean carriedOut = hasStood && isCertain(due.get().cause());
    due.ifPresent(notice -> {
      if (stands) {
        lookAgainIn(Duration.between(now, notice.at()));
        lookAgainIn(warning.minus(stood));
      } else {
        lookAgainIn(Draft.AT_ONCE);
      }
    });
    candidates.forEach(c -> lookAgainIn(Duration.between(now, c.due().minus(warning))));
    boolean decisive = hasStood || (due.isEmpty() && candidates.stream().anyMatch(this::isNear));
    boolean asks = asksWhatRuns(due, decisive && !isSilent());
    return new Expiry(idleness, due, carriedOut, lookAgainIn, asks);
  }

  private List<Candidate> candidates(Optional<Idleness> idleness) {
    List<Candidate> candidates = new ArrayList<>();
    Optional<Instant> created = Conditions.instant(cluster.getMetadata().getCreationTimestamp());
    Optional<Duration> ttl = lifecycle.timeToLive();
    if (created.isPresent() && ttl.isPresent()) {
      Instant end = extended(created.get().plus(ttl.get()));
      String why = "its ttl of %s reaches until %s".formatted(lifecycle.ttl(), time(end));
      candidates.add(new Candidate(Cause.TTL, end, why));
    }
    idleness
        .filter(Idleness::idle)
        .ifPresent(idle -> {
          Instant end = extended(idle.since().plus(lifecycle.timeIdle().get()));
          String why =
              "nothing has run in it since %s, and its idleTimeout is %s"
                  .formatted(time(idle.since()), lifecycle.idleTimeout());
          candidates.add(new Candidate(Cause.IDLE, end, why));
        });
    return candidates;
  }

  private Instant extended(Instant end) {
    return extended.filter(until -> until.isAfter(end)).orElse(end);
  }

  /**
   * The one that is warned of already goes on, unless it waits for a head that has fallen silent
   * and another one doesn't; else it is the first one whose time is near.
   */
  private Optional<Due> due(List<Candidate> candidates) {
    List<Candidate> near = candidates.stream().filter(this::isNear).toList();
    Optional<Due> stands =
        near.stream()
            .filter(candidate -> isWarnedOf(candidate.cause()))
            .findFirst()
            .map(candidate -> due(candidate, standing.get().since(), standing.get().at()));
    Optional<Due> next =
        near.stream()
            .filter(candidate -> isCertain(candidate.cause()))
            .min(Comparator.comparing(Candidate::due))
            .map(candidate -> due(candidate, now.truncatedTo(ChronoUnit.SECONDS), now));
    return stands
        .filter(notice -> notice.cause() == Cause.TTL || !isSilent())
        .or(() -> next)
        .or(() -> stands);
  }

  /** Whether the head was asked in vain. */
  private boolean isSilent() {
    return observed.activity().filter(said -> said.state() == Activity.State.UNKNOWN).isPresent();
  }

  /**
   * @param promised what was named before as the earliest time
   */
  private Due due(Candidate candidate, Instant since, Instant promised) {
    Instant at =
        Stream.of(candidate.due(), since.plus(warning), promised)
            .max(Instant::compareTo)
            .map(ExpiryDecision::roundedUp)
            .get();
    return new Due(candidate.cause(), lifecycle.deletes(), since, at, candidate.why());
  }

  private static String time(Instant instant) {
    return Conditions.time(roundedUp(instant));
  }

  /** As it can be stored. */
  private static Instant roundedUp(Instant instant) {
    Instant whole = instant.truncatedTo(ChronoUnit.SECONDS);
    return whole.equals(instant) ? whole : whole.plusSeconds(1);
  }

  private boolean isNear(Candidate candidate) {
    return !now.isBefore(candidate.due().minus(warning));
  }

  /** Whether the warning that stands is of this, and of the deed that is wanted now. */
  private boolean isWarnedOf(Cause cause) {
    return standing
        .filter(notice -> notice.reason().equals(Due.reason(cause, lifecycle.deletes())))
        .isPresent();
  }

  /** Of a cluster that is said to be idle this must have been heard just now. */
  private boolean isCertain(Cause cause) {
    return cause == Cause.TTL
        || observed.activity().filter(said -> said.isNothingWithin(ActivityPace.FRESH)).isPresent();
  }

  /**
   * @param decisive whether something waits for the answer
   */
  private boolean asksWhatRuns(Optional<Due> due, boolean decisive) {
    Optional<Duration> timeout = lifecycle.timeIdle();
    if (timeout.isEmpty() || observed.liveHead().isEmpty()) {
      return false;
    }
    boolean warned = due.filter(notice -> notice.cause() == Cause.IDLE).isPresent();
    Duration often = ActivityPace.of(timeout.get(), warned, decisive);
    Duration left = observed.activity().map(said -> often.minus(said.age())).orElse(Duration.ZERO);
    boolean asks = !left.isPositive();
    lookAgainIn(asks ? often : left);
    return asks;
  }

  /** Unless it is past. */
  private void lookAgainIn(Duration wait) {
    if (wait.isPositive()) {
      lookAgainIn =
          Stream.concat(lookAgainIn.stream(), Stream.of(wait, LONGEST_WAIT))
              .min(Duration::compareTo);
    }
  }
}
