package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;

/**
 * What holds for every {@code spec.platform.lifecycle}.
 *
 * @param warning how long a cluster's users are warned before it is suspended or deleted, at the
 *     least; absent: 15 minutes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LifecycleRules(String warning) {
  /** Where nothing is said, and as long as there is no platform configuration. */
  public static final Duration WARNING = Duration.ofMinutes(15);

  /** The same as a time. */
  public Duration warningTime() {
    return TimeSpan.of(warning).orElse(WARNING);
  }
}
