package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates or changes what files say. */
@Command(
    name = "apply",
    description = "Create or change the clusters of a file, by server-side apply.")
final class Apply extends Action {
  @Mixin private ManifestFile file;

  @Option(names = "--force-conflicts", description = "Take fields over from others who set them.")
  private boolean force;

  @Option(names = "--wait", description = "Return when the clusters are ready.")
  private boolean wait;

  @Mixin private DryRun dryRun;

  @Mixin private WaitOptions waitOptions;

  @Override
  int run() {
    List<ObjectNode> applied = new ArrayList<>();
    List<String> told = new ArrayList<>();
    for (ObjectNode manifest : file.read(this)) {
      if (dryRun.client()) {
        applied.add(manifest);
        continue;
      }
      Cluster cluster = clusters().apply(manifest, force, dryRun.server());
      if (wait && dryRun.none() && !cluster.suspended()) {
        cluster = waitOptions.waiting(this, cluster).ready(cluster);
      }
      applied.add(cluster.tree());
      told.add(
          format() == OutputFormat.name
              ? "raycluster.ray.io/" + cluster.name()
              : (dryRun.none() ? "Applied" : "Would apply")
                  + " cluster "
                  + cluster.name()
                  + " in namespace "
                  + cluster.namespace());
    }
    if (format().structured() || dryRun.client()) {
      Documents.print(
          terminal(),
          format().ofDocuments(),
          applied.size() == 1 ? applied.getFirst() : Documents.list(applied));
    } else {
      told.forEach(this::say);
    }
    return 0;
  }
}
