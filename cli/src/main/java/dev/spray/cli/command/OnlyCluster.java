package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Narrows a list down to what belongs to one cluster. */
final class OnlyCluster {
  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "CLUSTER",
      description = "Only those of this cluster.")
  private String name;

  /** That cluster; empty: those of all. */
  Optional<Cluster> of(Action action) {
    return Optional.ofNullable(name).map(action::cluster);
  }
}
