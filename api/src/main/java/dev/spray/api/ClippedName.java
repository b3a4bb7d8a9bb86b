package dev.spray.api;

/**
 * What of a cluster's name stands in the names of its children that have no ending of their own.
 */
public final class ClippedName {
  private static final int LONGEST = 50;

  /** KubeRay keeps the end of a name that is too long for what may be appended to it. */
  public static String of(String name) {
    return name.length() <= LONGEST
        ? name
        : name.substring(name.length() - LONGEST).replaceFirst("^[^A-Za-z]", "r");
  }

  private ClippedName() {}
}
