package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.Table;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** Lists the GPUs of the nodes there are. */
@Command(
    name = "gpus",
    aliases = "gpu",
    description = {
      "List the GPUs of the nodes that exist now.",
      "Pools that are empty until somebody asks for them are not seen."
    })
final class GetGpus extends Action {
  private static final String TYPE = "cloud.google.com/gke-accelerator";
  private static final String SPOT = "cloud.google.com/gke-spot";

  /** Nodes of one kind. */
  private record Kind(String type, long perNode, boolean spot) implements Comparable<Kind> {
    @Override
    public int compareTo(Kind other) {
      return (type + perNode + spot).compareTo(other.type + other.perNode + other.spot);
    }
  }

  @Override
  int run() {
    Map<Kind, Integer> kinds = new TreeMap<>();
    for (Node node : session().client().nodes().list().getItems()) {
      long gpus = gpus(node);
      if (gpus > 0) {
        Map<String, String> labels = node.getMetadata().getLabels();
        String label =
            labels.getOrDefault(TYPE, labels.getOrDefault("nvidia.com/gpu.product", "unknown"));
        String type = label.replaceFirst("^nvidia-", "").replaceFirst("^tesla-", "");
        kinds.merge(new Kind(type, gpus, "true".equals(labels.get(SPOT))), 1, Integer::sum);
      }
    }
    Table table = new Table("TYPE", "PER NODE", "NODES", "GPUS", "CAPACITY");
    List<ObjectNode> items = new ArrayList<>();
    kinds.forEach((kind, nodes) -> {
      String capacity = kind.spot() ? "Spot" : "OnDemand";
      table.row(
          kind.type(), "" + kind.perNode(), "" + nodes, "" + nodes * kind.perNode(), capacity);
      items.add(
          Json.object()
              .put("type", kind.type())
              .put("perNode", kind.perNode())
              .put("nodes", nodes)
              .put("capacity", capacity));
    });
    if (format().structured()) {
      Documents.print(
          terminal(), format(), Documents.list(Documents.API_VERSION, "GpuList", items));
    } else if (table.isEmpty()) {
      terminal().err().println("No node has a GPU now.");
    } else {
      table.print(terminal());
    }
    return 0;
  }

  private static long gpus(Node node) {
    if (node.getStatus() == null || node.getStatus().getAllocatable() == null) {
      return 0;
    }
    Quantity gpus = node.getStatus().getAllocatable().get("nvidia.com/gpu");
    return gpus == null ? 0 : gpus.getNumericalAmount().longValue();
  }
}
