package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import picocli.CommandLine.Option;

/** Where pods may lie. */
final class PlacementFlags {
  @Option(
      names = "--node-isolation",
      paramLabel = "MODE",
      description = "OneRayPodPerNode or None.")
  private String nodeIsolation;

  @Option(
      names = "--image-streaming",
      paramLabel = "MODE",
      description = "Required, Preferred or Off.")
  private String imageStreaming;

  @Option(names = "--compute-class", paramLabel = "NAME", description = "GKE's class of nodes.")
  private String computeClass;

  Request.Placement request() {
    return new Request.Placement(nodeIsolation, imageStreaming, computeClass);
  }
}
