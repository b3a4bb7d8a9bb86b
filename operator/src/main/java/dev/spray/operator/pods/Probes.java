package dev.spray.operator.pods;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Health probes of a Ray container, where the user gave none. */
final class Probes {
  private static final Pattern VERSION = Pattern.compile("^v?(\\d{1,9})\\.(\\d{1,9})(\\D.*)?$");

  /** Asks the node's dashboard agent, and on the head also the GCS; restarts after ten minutes. */
  static Probe liveness(RayNode node) {
    return probe(node).withInitialDelaySeconds(30).withFailureThreshold(120).build();
  }

  /** As {@link #liveness}, sooner and stricter. */
  static Probe readiness(RayNode node) {
    return probe(node).withInitialDelaySeconds(10).withFailureThreshold(10).build();
  }

  private static ProbeBuilder probe(RayNode node) {
    ProbeBuilder probe =
        new ProbeBuilder().withPeriodSeconds(5).withTimeoutSeconds(node.head() ? 5 : 2);
    if (hasOneHealthCheck(node.cluster().getSpec().rayVersion())) {
      return probe
          .withNewHttpGet()
          .withPath("/api/healthz")
          .withNewPort(Integer.parseInt(node.agentPort()))
          .endHttpGet();
    }
    String command = wget(2, node.agentPort(), "local_raylet_healthz");
    if (node.head()) {
      command += " && " + wget(10, "8265", "gcs_healthz");
    }
    return probe.withNewExec().withCommand("bash", "-c", command).endExec();
  }

  private static String wget(int timeoutSeconds, String port, String path) {
    return "wget --tries 1 -T %d -q -O- http://localhost:%s/api/%s | grep success"
        .formatted(timeoutSeconds, port, path);
  }

  /** From Ray 2.53 on one HTTP request answers for all parts of a node. */
  private static boolean hasOneHealthCheck(String rayVersion) {
    Matcher version = VERSION.matcher(rayVersion == null ? "" : rayVersion);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 2 || (major == 2 && Integer.parseInt(version.group(2)) >= 53);
  }

  private Probes() {}
}
