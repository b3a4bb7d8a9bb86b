package dev.spray.e2e.faults;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What goes wrong, and when.
 *
 * @param name by which it is waited for
 * @param phase of a request; null if the rule is about events
 * @param mustFire whether the lane fails when it never fires
 */
public record FaultRule(
    String name,
    FaultMatch match,
    Phase phase,
    FaultAction action,
    @JsonInclude(JsonInclude.Include.ALWAYS) boolean mustFire) {

  /** The moment in a request's life. */
  public enum Phase {
    /** The request doesn't reach the server before the action has ended, if then. */
    @JsonProperty("before")
    BEFORE,
    /** The server has answered; the client hasn't heard of it. */
    @JsonProperty("afterCommit")
    AFTER_COMMIT,
    /** The client has its answer. */
    @JsonProperty("afterAnswer")
    AFTER_ANSWER
  }

  /** A rule for requests. */
  public static FaultRule of(String name, FaultMatch match, Phase phase, FaultAction action) {
    return new FaultRule(name, match, phase, action, true);
  }

  /** A rule for events of watches. */
  public static FaultRule of(String name, FaultMatch match, FaultAction action) {
    return new FaultRule(name, match, null, action, true);
  }

  /** The lane stands still at the nth write, so that its client can be killed there. */
  public static FaultRule stopAtWrite(String name, int nth, Phase phase) {
    return of(name, FaultMatch.write(nth), phase, FaultAction.hold());
  }

  /** The same rule, of which it's no mistake if it never fires. */
  public FaultRule optional() {
    return new FaultRule(name, match, phase, action, false);
  }
}
