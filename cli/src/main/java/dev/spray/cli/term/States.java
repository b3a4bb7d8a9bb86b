package dev.spray.cli.term;

import java.util.Set;

/** Colours of words that say how something is. */
final class States {
  private static final Set<String> GOOD = Set.of("Ready", "Running", "SUCCEEDED", "ok");
  private static final Set<String> BAD =
      Set.of(
          "Stalled",
          "Failed",
          "FAILED",
          "ImagePullBackOff",
          "ErrImagePull",
          "CrashLoopBackOff",
          "OOMKilled",
          "failed");
  private static final Set<String> WAITING =
      Set.of(
          "Starting",
          "Pending",
          "Suspending",
          "Suspended",
          "PENDING",
          "STOPPED",
          "Terminating",
          "warning");

  static String paint(Terminal terminal, String cell) {
    if (GOOD.contains(cell)) {
      return terminal.paint(Style.GOOD, cell);
    }
    if (BAD.contains(cell)) {
      return terminal.paint(Style.BAD, cell);
    }
    return WAITING.contains(cell) ? terminal.paint(Style.WAITING, cell) : cell;
  }

  private States() {}
}
