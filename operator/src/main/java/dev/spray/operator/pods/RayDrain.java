package dev.spray.operator.pods;

import dev.spray.api.RayVersion;
import dev.spray.api.raycluster.RayClusterSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.time.Duration;
import java.util.Optional;

/**
 * How a worker goes on with its work when it is told to end. Since 2.57 a {@code ray start --block}
 * that gets SIGTERM drains its node: it takes no new work, and ends once what runs on it is done,
 * or its time is up. What is stored on it doesn't hold it back, and is lost with it.
 */
public final class RayDrain {
  /** Seconds; 30 by default. */
  public static final String VARIABLE = "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S";

  private static final Duration LONGEST = Duration.ofDays(30);

  /** The variable of a worker that will be replaced one day; empty where Ray is too old for it. */
  static Optional<EnvVar> of(RayClusterSpec spec) {
    return spec.rolledOnChange()
        ? RayVersion.of(spec.rayVersion())
            .filter(version -> version.isAtLeast(2, 57))
            .map(
                version -> RayEnvironment.value(VARIABLE, spec.rollingUpdate().drainSeconds() + ""))
        : Optional.empty();
  }

  /** What the variable says; empty where it says nothing, or switches draining off. */
  public static Optional<Duration> timeout(String value) {
    try {
      double seconds = Double.parseDouble(value == null ? "" : value);
      return seconds > 0 && seconds <= LONGEST.toSeconds()
          ? Optional.of(Duration.ofMillis((long) (seconds * 1000)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private RayDrain() {}
}
