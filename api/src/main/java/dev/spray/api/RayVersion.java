package dev.spray.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Ray, as far as it decides what may be asked of a cluster. */
public record RayVersion(int major, int minor) {
  private static final Pattern TEXT = Pattern.compile("v?(\\d{1,9})\\.(\\d{1,9})(\\D.*)?");

  /**
   * Reads one.
   *
   * @param text for example {@code 2.60.0} or {@code v2.60.0rc1}; null: none
   * @return empty if it is no version
   */
  public static Optional<RayVersion> of(String text) {
    Matcher version = TEXT.matcher(text == null ? "" : text);
    return version.matches()
        ? Optional.of(
            new RayVersion(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
        : Optional.empty();
  }

  /** Whether it is that version or a later one. */
  public boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }
}
