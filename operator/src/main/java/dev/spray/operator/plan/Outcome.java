package dev.spray.operator.plan;

import java.util.Optional;

/**
 * What became of an action that was tried.
 *
 * @param failure empty when it was done
 */
public record Outcome(Action action, Optional<Failure> failure) {

  /** Done. */
  public static Outcome done(Action action) {
    return new Outcome(action, Optional.empty());
  }

  /** Tried, and failed. */
  public static Outcome failed(Action action, Failure failure) {
    return new Outcome(action, Optional.of(failure));
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
