package dev.spray.operator.cluster;

/** Some write of a pass failed, and may be done by itself: the pass must be repeated soon. */
final class PassIncomplete extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PassIncomplete() {
    super("a write failed; the pass is repeated", null, false, false);
  }
}
