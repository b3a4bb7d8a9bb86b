package dev.spray.operator.pods;

import dev.spray.api.HeadPorts;
import dev.spray.api.RayVersion;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/** Health probes of a Ray container, where the user gave none. */
final class Probes {

  /** Asks the node's dashboard agent, and on the head also the GCS; restarts after ten minutes. */
  static Probe liveness(RayNode node) {
    return probe(node).withInitialDelaySeconds(30).withFailureThreshold(120).build();
  }

  /**
   * As {@link #liveness}, sooner and stricter. A worker that serves requests is ready only while
   * its proxy takes them, and not after the first one that it doesn't take.
   */
  static Probe readiness(RayNode node) {
    if (node.serves() && !node.head()) {
      String command =
          healthCommand(node) + " && " + wget(10, servePort(node.container()), "-/healthz");
      return exec(timing(node), command)
          .withInitialDelaySeconds(10)
          .withFailureThreshold(1)
          .build();
    }
    return probe(node).withInitialDelaySeconds(10).withFailureThreshold(10).build();
  }

  private static ProbeBuilder probe(RayNode node) {
    if (hasOneHealthCheck(node.cluster().getSpec().rayVersion())) {
      return timing(node)
          .withNewHttpGet()
          .withPath("/api/healthz")
          .withNewPort(node.agentPort())
          .endHttpGet();
    }
    return exec(timing(node), healthCommand(node));
  }

  private static ProbeBuilder timing(RayNode node) {
    return new ProbeBuilder().withPeriodSeconds(5).withTimeoutSeconds(node.head() ? 5 : 2);
  }

  private static ProbeBuilder exec(ProbeBuilder probe, String command) {
    return probe.withNewExec().withCommand("bash", "-c", command).endExec();
  }

  private static String healthCommand(RayNode node) {
    String agent = wget(2, node.agentPort(), "api/local_raylet_healthz");
    return node.head() ? agent + " && " + wget(10, node.dashboardPort(), "api/gcs_healthz") : agent;
  }

  private static String wget(int timeoutSeconds, int port, String path) {
    return "wget --tries 1 -T %d -q -O- http://localhost:%d/%s | grep success"
        .formatted(timeoutSeconds, port, path);
  }

  private static int servePort(Container ray) {
    return ray.getPorts().stream()
        .filter(port -> "serve".equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElse(HeadPorts.SERVE);
  }

  /** From Ray 2.53 on one HTTP request answers for all parts of a node. */
  private static boolean hasOneHealthCheck(String rayVersion) {
    return RayVersion.of(rayVersion).filter(version -> version.isAtLeast(2, 53)).isPresent();
  }

  private Probes() {}
}
