package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Manifests;
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
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "RayClusters in YAML; - is standard input.")
  private String file;

  @Option(names = "--force-conflicts", description = "Take fields over from others who set them.")
  private boolean force;

  @Option(names = "--wait", description = "Return when the clusters are ready.")
  private boolean wait;

  @Option(
      names = "--dry-run",
      paramLabel = "none|client|server",
      defaultValue = "none",
      description = DryRun.DESCRIPTION)
  private DryRun dryRun;

  @Mixin private WaitOptions waitOptions;

  @Override
  int run() {
    List<ObjectNode> applied = new ArrayList<>();
    List<String> told = new ArrayList<>();
    for (ObjectNode manifest : Manifests.read(file, terminal().in())) {
      ObjectNode metadata = Json.object(manifest, "metadata");
      if (!metadata.has("namespace")) {
        metadata.put("namespace", namespace());
      }
      if (dryRun == DryRun.client) {
        applied.add(manifest);
        continue;
      }
      Cluster cluster = clusters().apply(manifest, force, dryRun == DryRun.server);
      if (wait && dryRun == DryRun.none && !cluster.suspended()) {
        cluster = waitOptions.waiting(this, cluster).ready(cluster);
      }
      applied.add(cluster.tree());
      told.add(
          format() == OutputFormat.name
              ? "raycluster.ray.io/" + cluster.name()
              : (dryRun == DryRun.none ? "Applied" : "Would apply")
                  + " cluster "
                  + cluster.name()
                  + " in namespace "
                  + cluster.namespace());
    }
    if (format().structured() || dryRun == DryRun.client) {
      Documents.print(
          terminal(),
          format() == OutputFormat.json ? OutputFormat.json : OutputFormat.yaml,
          applied.size() == 1 ? applied.getFirst() : Documents.list(applied));
    } else {
      told.forEach(this::say);
    }
    return 0;
  }
}
