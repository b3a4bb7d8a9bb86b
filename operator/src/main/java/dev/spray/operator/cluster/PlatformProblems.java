package dev.spray.operator.cluster;

import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayClusterSpec;
import java.util.ArrayList;
import java.util.List;

/** Finds what {@code spec.platform} asks for that can't be had beside the rest of a spec; pure. */
final class PlatformProblems {

  static List<String> of(RayClusterSpec spec) {
    PlatformSpec platform = spec.platform();
    if (platform == null) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    if (platform.lifecycle() != null) {
      problems.addAll(platform.lifecycle().problems());
      if (platform.lifecycle().idleTimeout() != null && spec.authenticatedByKubernetes()) {
        problems.add(
            "spec.platform.lifecycle.idleTimeout doesn't go with authOptions.enableK8sTokenAuth, as"
                + " Ray then doesn't tell the operator what runs: remove one of them");
      }
    }
    if (Workspace.of(platform).isPresent() && spec.headGroupSpec() != null && !hasOne(spec)) {
      problems.add(
          "spec.platform.workspace is for a head that spec.platform describes, and there is a"
              + " headGroupSpec: remove the one or the other");
    }
    return problems;
  }

  /** Whether the head was made of a platform that asked for one. */
  private static boolean hasOne(RayClusterSpec spec) {
    return spec.headGroupSpec().template().getSpec().getInitContainers().stream()
        .anyMatch(container -> Workspace.CONTAINER.equals(container.getName()));
  }

  private PlatformProblems() {}
}
