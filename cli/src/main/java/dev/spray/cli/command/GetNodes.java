package dev.spray.cli.command;

import dev.spray.api.RayLabels;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.RayPod;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Table;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the nodes of Ray, which are pods of Kubernetes. */
@Command(
    name = "nodes",
    aliases = {"node", "pods", "pod"},
    description = "List the nodes of Ray clusters: heads and workers.")
final class GetNodes extends Action {
  @Mixin private OnlyCluster cluster;

  @Override
  int run() {
    var all = session().client().pods().inNamespace(namespace());
    List<Pod> pods =
        cluster
            .of(this)
            .map(only -> all.withLabel(RayLabels.CLUSTER, only.name()))
            .orElseGet(() -> all.withLabel(RayLabels.CLUSTER))
            .list()
            .getItems();
    if (format().structured()) {
      Documents.print(terminal(), format(), Documents.list(pods.stream().map(Json::tree).toList()));
      return 0;
    }
    if (format() == OutputFormat.name) {
      pods.forEach(pod -> say("pod/" + pod.getMetadata().getName()));
      return 0;
    }
    Table table = new Table("CLUSTER", "NAME", "GROUP", "STATUS", "GPUS", "NODE", "AGE");
    for (Pod pod : pods) {
      RayPod node = RayPod.of(pod);
      table.row(
          pod.getMetadata().getLabels().get(RayLabels.CLUSTER),
          node.name(),
          node.head() ? "head" : node.group(),
          node.status(),
          node.gpus(),
          node.node(),
          Ages.brief(Duration.between(Instant.parse(node.created()), Instant.now())));
    }
    table.print(terminal());
    return 0;
  }
}
