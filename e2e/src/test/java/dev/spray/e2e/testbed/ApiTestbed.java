package dev.spray.e2e.testbed;

/** etcd and kube-apiserver, with an audit log. */
public final class ApiTestbed extends SharedTestbed {
  /** Name of its profile, and of the lock of tests that want it for themselves. */
  public static final String PROFILE = "api";

  public ApiTestbed() {
    super(PROFILE, "--audit");
  }
}
