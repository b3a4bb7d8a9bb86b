package dev.spray.e2e.testbed;

/** Three real nodes that run real Ray. */
public final class RealTestbed extends SharedTestbed {
  public RealTestbed() {
    super("real");
  }
}
