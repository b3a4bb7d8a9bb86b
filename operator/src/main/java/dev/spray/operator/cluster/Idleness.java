package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.ray.Activity;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether nothing runs in a cluster, and since when, as the condition {@code Idle} tells it; pure.
 *
 * <p>The condition is also what remembers it. Time counts from when nothing was first seen to run,
 * never from before: what a head says of the past can only move it on, as can a new head.
 *
 * @param since of the present state
 * @param reason one word for machines
 */
record Idleness(boolean idle, Instant since, String reason, String message) {

  /** Of a cluster with an {@code idleTimeout}; empty while it has no head, or nobody was asked. */
  static Optional<Idleness> of(RayCluster cluster, ObservedCluster observed, Instant now) {
    Optional<ObservedPod> head = observed.liveHead();
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Optional<Idleness> before = before(cluster, now);
    return observed.activity().isEmpty()
        ? before
        : Optional.of(of(observed.activity().get(), before, head.get(), now));
  }

  private static Idleness of(
      Activity activity, Optional<Idleness> before, ObservedPod head, Instant now) {
    boolean wasIdle = before.filter(Idleness::idle).isPresent();
    return switch (activity.state()) {
      case RUNNING -> new Idleness(false, since(before, false, now), "InUse", activity.what());
      case NOTHING -> {
        Instant known =
            Stream.of(Optional.of(since(before, true, now)), activity.last(), head.created())
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .get();
        // Another machine's clock may be ahead of ours.
        Instant since = whole(known.isAfter(now) ? now : known);
        yield new Idleness(
            true, since, "NothingRuns", "No driver is connected, and no actor lives");
      }
      case UNKNOWN ->
          new Idleness(
              wasIdle,
              since(before, wasIdle, now),
              "NoAnswer",
              "The head's dashboard doesn't say what runs: until it does, the cluster doesn't expire"
                  + " for want of use");
    };
  }

  private static Instant since(Optional<Idleness> before, boolean idle, Instant now) {
    return before.filter(b -> b.idle() == idle).map(Idleness::since).orElse(whole(now));
  }

  /** What the status remembers; nothing, if it is spoilt, or a time that is yet to come. */
  private static Optional<Idleness> before(RayCluster cluster, Instant now) {
    return Conditions.find(Conditions.of(cluster), ConditionTypes.IDLE)
        .flatMap(found ->
            Conditions.instant(found.getLastTransitionTime())
                .filter(since -> !since.isAfter(now))
                .map(since -> read(found, since)));
  }

  private static Idleness read(Condition found, Instant since) {
    return new Idleness(
        "True".equals(found.getStatus()), since, found.getReason(), found.getMessage());
  }

  /** As it is stored. */
  private static Instant whole(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
