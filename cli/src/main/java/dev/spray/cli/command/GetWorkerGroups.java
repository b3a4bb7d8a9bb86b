package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists worker groups. */
@Command(
    name = "workergroups",
    aliases = {"workergroup", "groups", "group"},
    description = "List worker groups.")
final class GetWorkerGroups extends Action {
  @Mixin private OnlyCluster cluster;

  @Override
  int run() {
    List<Cluster> clusters =
        cluster.of(this).map(List::of).orElseGet(() -> clusters().list(namespace(), null));
    Table table =
        new Table("CLUSTER", "NAME", "REPLICAS", "BOUNDS", "CPUS", "GPUS", "GPU-TYPE", "MEMORY");
    List<ObjectNode> items = new ArrayList<>();
    for (Cluster of : clusters) {
      for (Group group : of.groups()) {
        table.row(
            of.name(),
            group.name(),
            Integer.toString(group.replicas()),
            group.bounds(),
            group.shape().cpus(),
            group.shape().gpus(),
            group.shape().gpuType(),
            group.shape().memory());
        ObjectNode item = Json.tree(group);
        items.add(item.put("cluster", of.name()));
      }
    }
    if (format().structured()) {
      Documents.print(
          terminal(), format(), Documents.list(Documents.API_VERSION, "WorkerGroupList", items));
    } else if (format() == OutputFormat.name) {
      items.forEach(item -> say(Json.text(item, "cluster") + "/" + Json.text(item, "name")));
    } else {
      table.print(terminal());
    }
    return 0;
  }
}
