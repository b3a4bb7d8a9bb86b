package dev.spray.e2e.faults;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * What happens to a request or to an event; null and 0 stand for what a type has no use for.
 *
 * @param type as the proxy calls it
 * @param how a connection or a watch ends: connection or stream
 * @param ms of a delay, milliseconds
 * @param code HTTP status of an answer
 * @param scope what a hold stops: lane or request
 */
public record FaultAction(
    String type,
    @JsonProperty("cut") String how,
    long ms,
    int code,
    String reason,
    String message,
    int retryAfterSeconds,
    String scope) {

  /** The connection is reset, with all that goes on in it. */
  public static FaultAction cut() {
    return of("cut", "connection");
  }

  /** The request's HTTP/2 stream is reset; the others go on. */
  public static FaultAction cutStream() {
    return of("cut", "stream");
  }

  /** The request or its answer waits. */
  public static FaultAction delay(Duration duration) {
    return new FaultAction("delay", null, duration.toMillis(), 0, null, null, 0, null);
  }

  /** An answer in place of the server's. */
  public static FaultAction respond(int code) {
    return new FaultAction("respond", null, 0, code, null, null, 0, null);
  }

  /** {@link #respond} with a reason in place of the code's usual one. */
  public FaultAction because(String otherReason, String otherMessage) {
    return new FaultAction(
        type, how, ms, code, otherReason, otherMessage, retryAfterSeconds, scope);
  }

  /** {@link #respond} with a Retry-After. */
  public FaultAction retryAfter(int seconds) {
    return new FaultAction(type, how, ms, code, reason, message, seconds, scope);
  }

  /** The whole lane stands still from this request's arrival on, until the release. */
  public static FaultAction hold() {
    return new FaultAction("hold", null, 0, 0, null, null, 0, "lane");
  }

  /** This request waits for the release; others go on. */
  public static FaultAction holdRequest() {
    return new FaultAction("hold", null, 0, 0, null, null, 0, "request");
  }

  /** The event, and what comes behind it in its watch, waits for the release. */
  public static FaultAction holdEvents() {
    return of("holdEvents", null);
  }

  /** The event never arrives. */
  public static FaultAction dropEvents() {
    return of("dropEvents", null);
  }

  /** The event arrives later, and with it what comes behind it. */
  public static FaultAction delayEvents(Duration duration) {
    return new FaultAction("delayEvents", null, duration.toMillis(), 0, null, null, 0, null);
  }

  /**
   * The watch ends by a reset of its connection: after the event that matched, or at once if no
   * particular one is asked for.
   */
  public static FaultAction breakWatch() {
    return of("breakWatch", "connection");
  }

  /** As {@link #breakWatch}, by the error of a watch whose version was compacted away. */
  public static FaultAction gone() {
    return of("gone", null);
  }

  private static FaultAction of(String type, String how) {
    return new FaultAction(type, how, 0, 0, null, null, 0, null);
  }
}
