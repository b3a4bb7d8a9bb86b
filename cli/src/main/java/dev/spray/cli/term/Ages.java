package dev.spray.cli.term;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times as people tell them. */
public final class Ages {
  private static final int HOURS = 48;
  private static final int MINUTES = 120;

  /**
   * For example {@code 2 seconds ago}; empty for what isn't a time.
   *
   * @param time null: not known
   */
  public static String ago(String time, Instant now) {
    if (time == null) {
      return "";
    }
    try {
      return words(Duration.between(Instant.parse(time), now)) + " ago";
    } catch (DateTimeParseException e) {
      return "";
    }
  }

  /** For example {@code 2 seconds}, {@code 5 minutes}, {@code 3 days}. */
  public static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < MINUTES) {
      return counted(seconds, "second");
    }
    if (duration.toMinutes() < MINUTES) {
      return counted(duration.toMinutes(), "minute");
    }
    return duration.toHours() < HOURS
        ? counted(duration.toHours(), "hour")
        : counted(duration.toDays(), "day");
  }

  /** For example {@code 90s}, {@code 5m}, {@code 3h}, {@code 2d}. */
  public static String brief(Duration duration) {
    String words = words(duration);
    int space = words.indexOf(' ');
    return words.substring(0, space) + words.charAt(space + 1);
  }

  private static String counted(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  private Ages() {}
}
