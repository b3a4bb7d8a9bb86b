package dev.spray.api.platform;

import java.util.ArrayList;
import java.util.List;

/** Finds what is wrong with a configuration's placement: each is a sentence that names the key. */
final class PlacementProblems {
  private static final int LAST_PORT = 65535;

  private final PlacementRules rules;
  private final List<String> problems = new ArrayList<>();

  private PlacementProblems(PlacementRules rules) {
    this.rules = rules;
  }

  static List<String> of(PlatformConfiguration configuration) {
    PlacementProblems found = new PlacementProblems(configuration.placement());
    found.isolation();
    found.hostPort(Security.RESTRICTED.equals(configuration.security().podSecurity()));
    found.imageStreaming();
    found.computeClasses();
    return found.problems;
  }

  private void isolation() {
    ConfigurationProblems.oneOf(
            "placement.nodeIsolation",
            rules.nodeIsolation(),
            PlatformPlacement.ONE_RAY_POD_PER_NODE,
            PlatformPlacement.NONE)
        .ifPresent(problems::add);
    ConfigurationProblems.oneOf(
            "placement.isolatedBy",
            rules.isolatedBy(),
            PlacementRules.ANTI_AFFINITY,
            PlacementRules.HOST_PORT,
            PlacementRules.SIZE)
        .ifPresent(problems::add);
  }

  private void hostPort(boolean restricted) {
    boolean taken = PlacementRules.HOST_PORT.equals(rules.isolatedBy());
    Integer port = rules.hostPort();
    if (!taken && port != null) {
      problems.add("placement.hostPort is for isolatedBy: HostPort; set that, or remove it");
    } else if (taken && (port == null || port < 1 || port > LAST_PORT)) {
      problems.add(
          String.format(
              "placement.hostPort: %s is no port; name one, of UDP, that nothing else on the nodes"
                  + " takes",
              port == null ? "nothing" : port));
    }
    if (taken && restricted) {
      problems.add(
          "placement.isolatedBy: Kubernetes' restricted standard has no HostPort; set"
              + " security.podSecurity: Unrestricted, or choose AntiAffinity or Size");
    }
  }

  private void imageStreaming() {
    ConfigurationProblems.oneOf(
            "placement.imageStreaming",
            rules.imageStreaming(),
            PlatformPlacement.REQUIRED,
            PlatformPlacement.PREFERRED,
            PlatformPlacement.OFF)
        .ifPresent(problems::add);
    boolean streams =
        PlatformPlacement.REQUIRED.equals(rules.imageStreaming())
            || PlatformPlacement.PREFERRED.equals(rules.imageStreaming());
    if (streams && rules.streamingNodes().isEmpty()) {
      problems.add(
          "placement.streamingNodes is missing: say which labels nodes have that stream images, or"
              + " set imageStreaming: Off");
    }
    rules.streamingRegistries().stream()
        .filter(host -> !host.matches("\\*?[A-Za-z0-9.:-]+"))
        .forEach(host ->
            problems.add(
                String.format(
                    "placement.streamingRegistries: %s is no host; write it like docker.io or"
                        + " *-docker.pkg.dev",
                    host)));
  }

  private void computeClasses() {
    if (rules.computeClassLabel() == null && !rules.computeClasses().isEmpty()) {
      problems.add("placement.computeClassLabel is missing: computeClasses are selected by it");
    }
    rules
        .computeClasses()
        .forEach((name, computeClass) -> {
          if (computeClass == null) {
            problems.add(
                String.format(
                    "placement.computeClasses.%s has no value: say imageStreaming: true or false",
                    name));
          }
        });
  }
}
