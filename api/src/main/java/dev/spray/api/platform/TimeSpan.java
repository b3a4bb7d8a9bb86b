package dev.spray.api.platform;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as people write it: days, hours, minutes and seconds, at least one of them. */
final class TimeSpan {
  static final String PATTERN = "^([0-9]{1,5}d)?([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$";

  /** What to do about one that is none, as the end of a sentence. */
  static final String REMEDY = "write for example 14d, 8h or 1h30m, more than 0s";

  private static final Pattern PARTS = Pattern.compile(PATTERN);

  /** Empty when there is no text, or it is no time above zero. */
  static Optional<Duration> of(String text) {
    Matcher parts = PARTS.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Duration span =
        Duration.ofDays(number(parts.group(1)))
            .plusHours(number(parts.group(2)))
            .plusMinutes(number(parts.group(3)))
            .plusSeconds(number(parts.group(4)));
    return span.isZero() ? Optional.empty() : Optional.of(span);
  }

  /** Of a part like {@code 14d}. */
  private static long number(String part) {
    return part == null ? 0 : Long.parseLong(part.substring(0, part.length() - 1));
  }

  private TimeSpan() {}
}
