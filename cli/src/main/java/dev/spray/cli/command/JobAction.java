package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.ray.Dashboard;
import dev.spray.cli.ray.Jobs;
import java.util.List;
import picocli.CommandLine.Option;

/** A command about the jobs of a cluster. */
abstract class JobAction extends Action {
  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "CLUSTER",
      description = "The cluster; may be left out where the namespace has one.")
  private String name;

  @Override
  final int run() throws Exception {
    Cluster cluster = chosen();
    if (cluster.suspended()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "cluster " + cluster.name() + " is suspended")
          .suggesting(
              "sp-ray resume cluster " + cluster.name() + " -n " + cluster.namespace() + " --wait");
    }
    try (Dashboard dashboard = new Dashboard(session(), cluster)) {
      return run(cluster, new Jobs(dashboard));
    }
  }

  abstract int run(Cluster cluster, Jobs jobs) throws Exception;

  private Cluster chosen() {
    if (name != null) {
      return cluster(name);
    }
    List<Cluster> all = clusters().list(namespace(), null);
    if (all.size() != 1) {
      throw new Failure(
              all.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.INVALID_CONFIG,
              "namespace "
                  + namespace()
                  + " has "
                  + (all.isEmpty() ? "no Ray cluster" : "several Ray clusters"))
          .suggesting(
              all.isEmpty()
                  ? "sp-ray create cluster NAME -n " + namespace()
                  : "--cluster with one of: "
                      + String.join(", ", all.stream().map(Cluster::name).toList()));
    }
    return all.getFirst();
  }
}
