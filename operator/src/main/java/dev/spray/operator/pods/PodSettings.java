package dev.spray.operator.pods;

import dev.spray.operator.resources.Signing;
import java.util.List;

/**
 * What the operator's options say about pods.
 *
 * @param operatorVersion for Ray's usage statistics
 * @param clusterDomain in which Kubernetes' DNS knows services, for example {@code cluster.local}
 * @param loginShell whether bash reads the profile of the image before it runs a command
 * @param probes whether Ray containers get health probes
 * @param waitForGcs whether workers get an init container that waits for the head
 * @param defaults what every pod gets unless its cluster says otherwise
 * @param signingUrl where pods of encrypted clusters have their certificates signed: scheme, host
 *     and port
 */
public record PodSettings(
    String operatorVersion,
    String clusterDomain,
    boolean loginShell,
    boolean probes,
    boolean waitForGcs,
    PodDefaults defaults,
    String signingUrl) {

  public static final String CLUSTER_DOMAIN = "cluster.local";

  /** That of a chart which is installed under its own name in the namespace that it suggests. */
  public static final String SIGNING_URL =
      "https://sp-ray-operator-certificates.ray-system.svc:" + Signing.PORT;

  /** With the usual signing URL. */
  public PodSettings(
      String operatorVersion,
      String clusterDomain,
      boolean loginShell,
      boolean probes,
      boolean waitForGcs,
      PodDefaults defaults) {
    this(operatorVersion, clusterDomain, loginShell, probes, waitForGcs, defaults, SIGNING_URL);
  }

  /** What holds where the options say nothing. */
  public static PodSettings standard(String operatorVersion) {
    return new PodSettings(operatorVersion, CLUSTER_DOMAIN, false, true, true, PodDefaults.NONE);
  }

  /** The same with another signing URL. */
  public PodSettings withSigningUrl(String url) {
    return new PodSettings(
        operatorVersion, clusterDomain, loginShell, probes, waitForGcs, defaults, url);
  }

  /** The command that runs a script, which is its first argument. */
  List<String> shell() {
    return List.of("/bin/bash", loginShell ? "-cl" : "-c", "--");
  }
}
