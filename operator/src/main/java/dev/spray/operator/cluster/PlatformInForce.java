package dev.spray.operator.cluster;

import dev.spray.api.platform.LifecycleRules;
import dev.spray.api.platform.PlatformConfiguration;
import java.time.Duration;
import java.util.Optional;

/**
 * The platform configuration that holds now.
 *
 * @param configuration the last good one; empty: there was none yet
 * @param problem what is wrong with the newest one, for people; empty: nothing is
 * @param decoratesPlain whether pods of clusters that say nothing of it follow it, too
 */
public record PlatformInForce(
    Optional<PlatformConfiguration> configuration,
    Optional<String> problem,
    boolean decoratesPlain) {

  /** How long a cluster's users are warned before it expires, at the least. */
  Duration expiryWarning() {
    return configuration.map(PlatformConfiguration::expiryWarning).orElse(LifecycleRules.WARNING);
  }

  /** A good one. */
  public static PlatformInForce of(PlatformConfiguration configuration) {
    return new PlatformInForce(Optional.of(configuration), Optional.empty(), false);
  }

  /** None, and why. */
  public static PlatformInForce none(String problem) {
    return new PlatformInForce(Optional.empty(), Optional.of(problem), false);
  }

  /** The same, beside a newer one that is refused. */
  public PlatformInForce despite(String newProblem) {
    return new PlatformInForce(configuration, Optional.of(newProblem), decoratesPlain);
  }

  /** The same, for plain clusters, too, or not. */
  public PlatformInForce decoratingPlain(boolean plainToo) {
    return new PlatformInForce(configuration, problem, plainToo);
  }
}
