package dev.spray.e2e.testbed;

/** etcd and kube-apiserver, with an audit log. */
public final class ApiTestbed extends SharedTestbed {
  public ApiTestbed() {
    super("api", "--audit");
  }
}
