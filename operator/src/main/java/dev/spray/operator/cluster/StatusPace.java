package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
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
    Duration age = Duration.between(Instant.parse(before.lastUpdateTime()), now);
    // A time in the future is another instance's clock: it must not hold the status up for long.
    return age.isNegative() ? BETWEEN_WRITES : positive(BETWEEN_WRITES.minus(age));
  }

  private static Duration positive(Duration duration) {
    return duration.isPositive() ? duration : Duration.ZERO;
  }

  private static List<String> facts(List<Condition> conditions) {
    return Conditions.sorted(conditions == null ? List.of() : conditions).stream()
        .map(condition -> condition.getType() + "=" + condition.getStatus())
        .toList();
  }

  private StatusPace() {}
}
