package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * When a changed status is written: at once if it says something new, at most once a second if only
 * counts or messages moved.
 */
final class StatusPace {
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

  /** How long to wait with writing {@code after} over {@code before}; zero: now. */
  static Duration wait(RayClusterStatus before, RayClusterStatus after, Instant now) {
    if (before == null
        || before.lastUpdateTime() == null
        || !facts(before.conditions()).equals(facts(after.conditions()))
        || !after.observedGeneration().equals(before.observedGeneration())) {
      return Duration.ZERO;
    }
    Instant next = Instant.parse(before.lastUpdateTime()).plus(BETWEEN_WRITES);
    // Times are stored in whole seconds: a write may be up to one second younger than it says.
    return now.truncatedTo(ChronoUnit.SECONDS).isBefore(next)
        ? Duration.between(now, next)
        : Duration.ZERO;
  }

  private static List<String> facts(List<Condition> conditions) {
    return Conditions.sorted(conditions == null ? List.of() : conditions).stream()
        .map(condition -> condition.getType() + "=" + condition.getStatus())
        .toList();
  }

  private StatusPace() {}
}
