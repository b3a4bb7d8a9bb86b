package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When something is tried again that the API server refuses for what the spec says; pure.
 *
 * <p>Later each time, as a thousand such clusters must cost their neighbours nothing: after as long
 * as it has been refused already, with a spec or a reason that is new soon. Who mends the spec
 * doesn't wait for this, as a new generation is looked at at once; who mends what refuses it, a
 * policy for example, waits for the longest of them at most.
 */
final class RefusalPace {
  static final Duration SHORTEST = Duration.ofMinutes(1);
  static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * How long to wait.
   *
   * @param cluster with the status that it had before it was refused now
   */
  static Duration pause(RayCluster cluster, Instant now) {
    List<Condition> before = Conditions.of(cluster);
    boolean isOfThisSpec =
        Conditions.find(before, ConditionTypes.STALLED)
            .map(Condition::getObservedGeneration)
            .filter(cluster.getMetadata().getGeneration()::equals)
            .isPresent();
    // A condition that stays true keeps its time when its reason or its generation changes.
    Optional<Instant> told =
        Optional.ofNullable(cluster.getStatus())
            .flatMap(status -> Conditions.instant(status.lastUpdateTime()));
    Duration refused =
        Conditions.trueSince(before, ConditionTypes.STALLED)
            .filter(since -> isOfThisSpec)
            .map(since -> told.filter(since::isBefore).orElse(since))
            .map(since -> Duration.between(since, now))
            .orElse(Duration.ZERO);
    if (refused.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return refused.compareTo(LONGEST) > 0 ? LONGEST : refused;
  }

  private RefusalPace() {}
}
