package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a changed status is written: at once if it says that a spec was seen, that the cluster
 * became or ceased to be what it should, that it is being suspended or will be, or that somebody
 * must act; every few seconds otherwise: pods become ready one by one, and a status that followed
 * each would cost the API server as much as the pods.
 */
final class StatusPace {
  /** Times are stored in whole seconds: a write may be up to one second younger than it says. */
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(5);

  private static final Set<String> NEWS =
      Set.of(
          ConditionTypes.READY,
          ConditionTypes.STALLED,
          ConditionTypes.REPLICA_FAILURE,
          ConditionTypes.SUSPENDING,
          ConditionTypes.SUSPENDED,
          ConditionTypes.UPDATE_PENDING,
          ConditionTypes.EXPIRING);

  /** How long to wait with writing {@code after} over {@code before}; zero: now. */
  static Duration wait(RayClusterStatus before, RayClusterStatus after, Instant now) {
    Optional<Instant> written =
        before == null ? Optional.empty() : Conditions.instant(before.lastUpdateTime());
    if (written.isEmpty()
        || !news(before.conditions()).equals(news(after.conditions()))
        || !after.observedGeneration().equals(before.observedGeneration())) {
      return Duration.ZERO;
    }
    Duration age = Duration.between(written.get(), now);
    // A time in the future is another instance's clock: whoever waits for it waits long.
    return age.isNegative() ? Duration.ZERO : positive(BETWEEN_WRITES.minus(age));
  }

  private static Duration positive(Duration duration) {
    return duration.isPositive() ? duration : Duration.ZERO;
  }

  private static Set<String> news(List<Condition> conditions) {
    return conditions == null
        ? Set.of()
        : conditions.stream()
            .filter(condition -> NEWS.contains(condition.getType()))
            .map(condition -> condition.getType() + "=" + state(condition))
            .collect(Collectors.toSet());
  }

  /** Whether an update goes on or has stopped is its reason, and of what somebody is warned. */
  private static String state(Condition condition) {
    return switch (condition.getType()) {
      case ConditionTypes.UPDATE_PENDING -> condition.getReason();
      case ConditionTypes.EXPIRING ->
          condition.getReason() + " " + condition.getLastTransitionTime();
      default -> condition.getStatus();
    };
  }

  private StatusPace() {}
}
