package dev.spray.operator.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** How often it is asked what runs in a cluster that is to go when nothing does; pure. */
final class ActivityPace {
  /** How old the word may be on which a cluster's users are warned, and on which it goes. */
  static final Duration FRESH = Duration.ofSeconds(10);

  /** What comes and ends in between is told afterwards by Ray, if it was a driver. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final int TIMES_PER_TIMEOUT = 10;

  /** Whoever uses the cluster again wants to see the warning gone. */
  private static final Duration WHILE_WARNING = Duration.ofMinutes(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * The time between two questions.
   *
   * @param timeout how long nothing may run
   * @param warned whether it is about to go for that
   * @param decisive whether only the answer is missing
   */
  static Duration of(Duration timeout, boolean warned, boolean decisive) {
    return Stream.of(
            Optional.of(LONGEST),
            Optional.of(timeout.dividedBy(TIMES_PER_TIMEOUT)),
            Optional.of(WHILE_WARNING).filter(time -> warned),
            Optional.of(FRESH).filter(time -> decisive))
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .filter(time -> time.compareTo(SHORTEST) > 0)
        .orElse(SHORTEST);
  }

  private ActivityPace() {}
}
