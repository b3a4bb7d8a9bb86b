package dev.spray.operator.plan;

import dev.spray.api.raycluster.RayCluster;
import java.util.Optional;

/**
 * What became of an action that was tried.
 *
 * @param failure empty when it was done
 * @param cluster as it has become by it; empty when it was about something else
 */
public record Outcome(Action action, Optional<Failure> failure, Optional<RayCluster> cluster) {

  /** Done. */
  public static Outcome done(Action action) {
    return new Outcome(action, Optional.empty(), Optional.empty());
  }

  /** Done, to the cluster itself. */
  public static Outcome changed(Action action, RayCluster cluster) {
    return new Outcome(action, Optional.empty(), Optional.of(cluster));
  }

  /** Tried, and failed. */
  public static Outcome failed(Action action, Failure failure) {
    return new Outcome(action, Optional.of(failure), Optional.empty());
  }

  /**
   * Why a write failed. All failures are tried again: soon and with growing pauses, or, if only
   * another spec would help, now and then.
   *
   * @param kind what it means for the cluster
   * @param message the API server's words
   */
  public record Failure(Kind kind, String message) {}

  /** What a failure means. */
  public enum Kind {
    /** The API server was unreachable, busy or overtaken by somebody else's write: not reported. */
    TRANSIENT,
    /** It was forbidden, by a quota or a policy for example: help must come from outside. */
    REFUSED,
    /** The object can never be accepted as it is: the spec must change. */
    INVALID
  }
}
