package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.term.Documents;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a cluster's pods away. */
@Command(
    name = "suspend",
    description = "Take a cluster's pods away, and keep the cluster.",
    subcommands = Suspend.OfCluster.class)
final class Suspend {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description = "Take a cluster's pods away; what is in their memory is lost.")
  static final class OfCluster extends Action {
    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Option(names = "--wait", description = "Return when the pods are gone.")
    private boolean wait;

    @Mixin private WaitOptions waitOptions;

    @Override
    int run() {
      Cluster cluster =
          clusters()
              .patch(cluster(name), PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": true}}", false);
      if (wait) {
        cluster =
            waitOptions
                .waiting(this, cluster)
                .until(
                    cluster, "suspending", now -> now.observed() && now.is("RayClusterSuspended"));
      }
      if (format().structured()) {
        Documents.print(terminal(), format(), cluster.tree());
      }
      say("Suspended cluster " + cluster.name() + " in namespace " + cluster.namespace());
      return 0;
    }
  }
}
