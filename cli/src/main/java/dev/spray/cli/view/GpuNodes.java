package dev.spray.cli.view;

import dev.spray.cli.term.Table;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Nodes with GPUs or TPUs, counted by their kind.
 *
 * @param kinds in the order of their names
 */
public record GpuNodes(List<Kind> kinds) {
  private static final String SPOT = "cloud.google.com/gke-spot";

  /** Resources, and the labels that name what a node has of them. */
  private static final Map<String, List<String>> LABELS =
      Map.of(
          "nvidia.com/gpu", List.of("cloud.google.com/gke-accelerator", "nvidia.com/gpu.product"),
          "google.com/tpu", List.of("cloud.google.com/gke-tpu-accelerator"));

  /**
   * Nodes of one kind.
   *
   * @param type of what they have
   * @param perNode how many of it each has
   * @param nodes how many there are
   * @param capacity how they are paid for
   */
  public record Kind(String type, long perNode, long nodes, String capacity) {}

  /** Those among all nodes. */
  public static GpuNodes of(List<Node> nodes, UnaryOperator<String> shortName) {
    Map<Kind, Long> counted =
        new TreeMap<>(
            Comparator.comparing(Kind::type)
                .thenComparingLong(Kind::perNode)
                .thenComparing(Kind::capacity));
    for (Node node : nodes) {
      LABELS.forEach((resource, labels) -> {
        long has = allocatable(node, resource);
        if (has > 0) {
          counted.merge(
              new Kind(shortName.apply(type(node, labels)), has, 0, capacity(node)), 1L, Long::sum);
        }
      });
    }
    List<Kind> kinds = new ArrayList<>();
    counted.forEach(
        (kind, count) -> kinds.add(new Kind(kind.type(), kind.perNode(), count, kind.capacity())));
    return new GpuNodes(List.copyOf(kinds));
  }

  private static long allocatable(Node node, String resource) {
    if (node.getStatus() == null || node.getStatus().getAllocatable() == null) {
      return 0;
    }
    Quantity has = node.getStatus().getAllocatable().get(resource);
    return has == null ? 0 : has.getNumericalAmount().longValue();
  }

  private static String type(Node node, List<String> labels) {
    return labels.stream()
        .filter(label(node)::containsKey)
        .map(label(node)::get)
        .findFirst()
        .orElse("unknown");
  }

  private static String capacity(Node node) {
    return "true".equals(label(node).get(SPOT)) ? "Spot" : "OnDemand";
  }

  private static Map<String, String> label(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /** Laid out for people. */
  public Table table() {
    Table table = new Table("TYPE", "PER NODE", "NODES", "GPUS", "CAPACITY");
    for (Kind kind : kinds) {
      table.row(
          kind.type(),
          Long.toString(kind.perNode()),
          Long.toString(kind.nodes()),
          Long.toString(kind.nodes() * kind.perNode()),
          kind.capacity());
    }
    return table;
  }
}
