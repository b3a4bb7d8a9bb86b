package dev.spray.cli.command;

import dev.spray.api.RayLabels;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.RayPod;
import java.util.List;
import picocli.CommandLine.Option;

/** Which pod of a cluster is meant. */
final class NodeOption {
  @Option(
      names = "--node",
      paramLabel = "NODE",
      defaultValue = "head",
      description =
          "head (default), the name of a worker's pod, or a number: the workers count from 0.")
  private String node;

  /** Name of the pod. */
  String pod(Action action, Cluster cluster) {
    if (node.equals("head")) {
      return cluster.headPod();
    }
    if (!node.matches("[0-9]+")) {
      return node;
    }
    List<String> workers =
        action
            .session()
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withLabel(RayLabels.CLUSTER, cluster.name())
            .withLabel(RayLabels.NODE_TYPE, RayLabels.WORKER)
            .list()
            .getItems()
            .stream()
            .map(pod -> RayPod.of(pod).name())
            .sorted()
            .toList();
    int index = Integer.parseInt(node);
    if (index >= workers.size()) {
      throw new Failure(
              ErrorCode.NOT_FOUND,
              "cluster "
                  + cluster.name()
                  + " has "
                  + workers.size()
                  + " workers, none is number "
                  + index)
          .suggesting(
              "sp-ray get nodes --cluster " + cluster.name() + " -n " + cluster.namespace());
    }
    return workers.get(index);
  }
}
