package dev.spray.operator.cluster;

import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.PlatformWorkspace;
import dev.spray.api.raycluster.RayClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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
    if (asksForWorkspace(platform.workspace())) {
      problems.add(
          "spec.platform.workspace isn't carried out by this version of the operator: remove it");
    }
    return problems;
  }

  private static boolean asksForWorkspace(PlatformWorkspace workspace) {
    return workspace != null
        && (workspace.home() != null
            || Stream.of(
                    workspace.notebook(),
                    workspace.vscode(),
                    workspace.tutorials(),
                    workspace.ssh())
                .filter(Objects::nonNull)
                .anyMatch(wanted -> wanted));
  }

  private PlatformProblems() {}
}
