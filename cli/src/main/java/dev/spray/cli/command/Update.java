package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.ClusterWriter;
import dev.spray.cli.term.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes a cluster. */
@Command(name = "update", description = "Change a cluster.", subcommands = Update.OfCluster.class)
final class Update {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description =
          "Change a cluster by the flags of create. Running pods stay as they are unless its upgradeStrategy says otherwise.")
  static final class OfCluster extends Action {
    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Mixin private ClusterFlags flags;

    @Option(names = "--wait", description = "Return when the cluster is ready.")
    private boolean wait;

    @Mixin private DryRun dryRun;

    @Mixin private WaitOptions waitOptions;

    @Override
    int run() {
      Cluster before = cluster(name);
      ObjectNode manifest = before.tree().deepCopy();
      ClusterWriter.lay(manifest, flags.request(null));
      if (manifest.equals(before.tree())) {
        throw new Failure(ErrorCode.INVALID_CONFIG, "nothing to change")
            .suggesting("sp-ray update cluster --help");
      }
      if (dryRun.client()) {
        Documents.print(terminal(), format().ofDocuments(), manifest);
        return 0;
      }
      Cluster after = clusters().replace(before, manifest, dryRun.server());
      if (wait && dryRun.none()) {
        after = waitOptions.waiting(this, after).ready(after);
      }
      if (format().structured()) {
        Documents.print(terminal(), format(), after.tree());
      }
      say(
          (dryRun.none() ? "Updated" : "Would update")
              + " cluster "
              + after.name()
              + " in namespace "
              + after.namespace());
      return 0;
    }
  }
}
