package dev.spray.operator.pods;

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
 */
public record PodSettings(
    String operatorVersion,
    String clusterDomain,
    boolean loginShell,
    boolean probes,
    boolean waitForGcs,
    PodDefaults defaults) {

  public static final String CLUSTER_DOMAIN = "cluster.local";

  /** What holds where the options say nothing. */
  public static PodSettings standard(String operatorVersion) {
    return new PodSettings(operatorVersion, CLUSTER_DOMAIN, false, true, true, PodDefaults.NONE);
  }

  /** The command that runs a script, which is its first argument. */
  List<String> shell() {
    return List.of("/bin/bash", loginShell ? "-cl" : "-c", "--");
  }
}
