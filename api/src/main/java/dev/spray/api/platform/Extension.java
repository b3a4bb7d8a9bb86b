package dev.spray.api.platform;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * Until when a cluster stays, whatever its {@code spec.platform.lifecycle} says: the annotation
 * {@link #ANNOTATION}.
 *
 * @param until empty when nothing readable is said
 * @param problem a sentence about what can't be read; then nothing expires
 */
public record Extension(Optional<Instant> until, Optional<String> problem) {
  /** On a RayCluster: a time as in RFC 3339, before which it doesn't expire. */
  public static final String ANNOTATION = "sp-ray.dev/extend-until";

  /** RFC 3339 has no others. */
  private static final int LAST_YEAR = 9999;

  private static final int SHOWN = 64;
  private static final Extension NONE = new Extension(Optional.empty(), Optional.empty());

  /** Reads it from a cluster's annotations, of which there may be none. */
  public static Extension of(Map<String, String> annotations) {
    String text = annotations == null ? null : annotations.get(ANNOTATION);
    if (text == null) {
      return NONE;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return time.getYear() < 0 || time.getYear() > LAST_YEAR
          ? unreadable(text)
          : new Extension(Optional.of(time.toInstant()), Optional.empty());
    } catch (DateTimeParseException e) {
      return unreadable(text);
    }
  }

  private static Extension unreadable(String text) {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return new Extension(
        Optional.empty(),
        Optional.of(
            String.format(
                "annotation %s: \"%s\" is no time, and as long as it stands there the cluster"
                    + " doesn't expire: write it like 2026-03-31T18:00:00Z, or remove it",
                ANNOTATION, shown)));
  }
}
