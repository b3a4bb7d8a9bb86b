package dev.spray.cli.view;

import dev.spray.api.platform.AcceleratorType;
import dev.spray.api.platform.Machine;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.cli.term.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * GPUs and TPUs that a platform has, by the names under which they are asked for.
 *
 * @param entries in the order of the configuration
 * @param capacity how nodes of each may be paid for
 */
public record GpuCatalogue(List<Entry> entries, List<String> capacity) {
  /** Of whom nothing is known. */
  public static final GpuCatalogue NONE = new GpuCatalogue(List.of(), List.of());

  /**
   * One kind.
   *
   * @param type its short name
   * @param names further names: the nodes' label is one
   * @param counts how many of them one worker may have; of a TPU chips of one host
   * @param topologies of a TPU's slices
   */
  public record Entry(
      String type, List<String> names, List<Integer> counts, List<String> topologies) {
    private static Entry of(String type, AcceleratorType is) {
      List<String> names = new ArrayList<>(is.names());
      names.add(is.label());
      names.removeIf(type::equals);
      return new Entry(
          type,
          names,
          is.machines().stream()
              .map(Machine::count)
              .filter(Objects::nonNull)
              .distinct()
              .sorted()
              .toList(),
          List.copyOf(is.topologies().keySet()));
    }

    /** What {@code --gpus-per-worker} or {@code --topology} may be. */
    private String possible() {
      return String.join(
          ", ", topologies.isEmpty() ? counts.stream().map(String::valueOf).toList() : topologies);
    }
  }

  /** The one of a platform. */
  public static GpuCatalogue of(PlatformConfiguration platform) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, AcceleratorType> type : platform.accelerators().entrySet()) {
      entries.add(Entry.of(type.getKey(), type.getValue()));
    }
    return new GpuCatalogue(List.copyOf(entries), List.copyOf(platform.capacity().keySet()));
  }

  /**
   * Short name of what nodes call by a label; what tells the label from others where nobody named
   * it.
   */
  public String shortName(String label) {
    return entries.stream()
        .filter(entry -> entry.names().contains(label))
        .map(Entry::type)
        .findFirst()
        .orElseGet(() -> label.replaceFirst("^nvidia-", "").replaceFirst("^tesla-", ""));
  }

  /** Laid out for people. */
  public Table table() {
    Table table = new Table("TYPE", "PER WORKER", "ALSO CALLED");
    for (Entry entry : entries) {
      table.row(entry.type(), entry.possible(), String.join(", ", entry.names()));
    }
    return table;
  }
}
