package dev.spray.e2e.testbed;

/** A control plane with simulated GKE-like node pools. */
public final class SimTestbed extends SharedTestbed {
  /** Name of its profile, and of the lock of tests that want it for themselves. */
  public static final String PROFILE = "sim";

  public SimTestbed() {
    super(PROFILE, "--audit", "--cpu-nodes", "10", "--t4-nodes", "2", "--a100-nodes", "2");
  }

  /** Gives the pools the sizes again that tests find. */
  public static void restorePools(Testbed testbed) {
    testbed.pools(10, 2, 2);
  }
}
