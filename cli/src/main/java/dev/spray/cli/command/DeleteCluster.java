package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.term.OutputFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes clusters. */
@Command(
    name = "cluster",
    aliases = {"clusters", "raycluster", "rayclusters", "rc"},
    description = {
      "Delete Ray clusters with all that belongs to them.",
      "Asks first on a terminal."
    })
final class DeleteCluster extends Action {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "The clusters.")
  private List<String> names = List.of();

  @Option(
      names = "--all",
      description = "All of the namespace; needs --yes where nobody can be asked.")
  private boolean all;

  @Option(
      names = {"-y", "--yes"},
      description = "Don't ask.")
  private boolean yes;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Return when the clusters are gone (default), or at once.")
  private boolean wait;

  @Option(names = "--ignore-not-found", description = "That there is no such cluster is fine.")
  private boolean lenient;

  @Mixin private DryRun dryRun;

  @Mixin private WaitOptions waitOptions;

  @Override
  int run() {
    List<Cluster> clusters = chosen();
    if (!yes && dryRun.none() && !clusters.isEmpty()) {
      agree(clusters);
    }
    for (Cluster cluster : clusters) {
      if (!dryRun.client()) {
        clusters().delete(cluster, dryRun.server());
      }
      say(
          format() == OutputFormat.name
              ? "raycluster.ray.io/" + cluster.name()
              : (dryRun.none() ? "Deleted" : "Would delete")
                  + " cluster "
                  + cluster.name()
                  + " from namespace "
                  + cluster.namespace());
    }
    if (wait && dryRun.none()) {
      clusters.forEach(cluster -> waitOptions.waiting(this, cluster).gone(cluster));
    }
    return 0;
  }

  private List<Cluster> chosen() {
    if (all == !names.isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "name the clusters to delete, or give --all");
    }
    if (all) {
      return clusters().list(namespace(), null);
    }
    return names.stream()
        .map(Action::bare)
        .map(name -> lenient ? clusters().find(namespace(), name) : cluster(name))
        .filter(cluster -> cluster != null)
        .toList();
  }

  private void agree(List<Cluster> clusters) {
    List<String> what =
        clusters.stream()
            .map(cluster -> cluster.name() + " with " + cluster.workers() + " workers")
            .toList();
    if (!terminal().asks()) {
      if (all) {
        throw new Failure(
                ErrorCode.INVALID_CONFIG,
                "--all deletes " + clusters.size() + " clusters and nobody can be asked")
            .suggesting("add --yes");
      }
      return;
    }
    if (!terminal()
        .agreed("Delete " + String.join(", ", what) + " from namespace " + namespace() + "?")) {
      throw new Failure(ErrorCode.INTERRUPTED, "nothing was deleted");
    }
  }
}
