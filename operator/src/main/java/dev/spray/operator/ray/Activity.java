package dev.spray.operator.ray;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody who can know it has said about whether anything runs in a cluster.
 *
 * @param state what was said
 * @param what for people: what runs; empty while nothing does, or nothing is known
 * @param last when the last thing ended that was told of, by the teller's clock
 * @param age how long ago it was said
 */
public record Activity(State state, String what, Optional<Instant> last, Duration age) {

  /** Whether anything runs. */
  public enum State {
    /** Something does. */
    RUNNING,
    /** Nothing does. */
    NOTHING,
    /** It was asked for, and no answer came that could be read. */
    UNKNOWN
  }

  /** Just said: something runs. */
  public static Activity running(String what) {
    return new Activity(State.RUNNING, what, Optional.empty(), Duration.ZERO);
  }

  /** Just said: nothing runs. */
  public static Activity nothing(Optional<Instant> last) {
    return new Activity(State.NOTHING, "", last, Duration.ZERO);
  }

  /** Just asked for, in vain. */
  public static Activity unknown() {
    return new Activity(State.UNKNOWN, "", Optional.empty(), Duration.ZERO);
  }

  /** The same, said so long ago. */
  public Activity aged(Duration time) {
    return new Activity(state, what, last, time);
  }

  /** Whether nothing ran, that short a time ago. */
  public boolean isNothingWithin(Duration time) {
    return state == State.NOTHING && age.compareTo(time) <= 0;
  }
}
