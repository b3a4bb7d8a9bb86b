package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.term.Documents;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a suspended cluster its pods back. */
@Command(
    name = "resume",
    description = "Give a suspended cluster its pods back.",
    subcommands = Resume.OfCluster.class)
final class Resume {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description =
          "Give a suspended cluster its pods back, also one that was suspended because nobody used it.")
  static final class OfCluster extends Action {
    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Option(names = "--wait", description = "Return when the cluster is ready.")
    private boolean wait;

    @Mixin private WaitOptions waitOptions;

    @Override
    int run() {
      Cluster cluster =
          clusters()
              .patch(
                  cluster(name),
                  PatchType.JSON_MERGE,
                  "{\"spec\": {\"suspend\": null, \"idleSuspend\": null}}",
                  false);
      if (wait) {
        cluster = waitOptions.waiting(this, cluster).ready(cluster);
      }
      if (format().structured()) {
        Documents.print(terminal(), format(), cluster.tree());
      }
      say("Resumed cluster " + cluster.name() + " in namespace " + cluster.namespace());
      return 0;
    }
  }
}
