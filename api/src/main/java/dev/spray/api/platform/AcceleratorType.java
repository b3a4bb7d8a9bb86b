package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of accelerator.
 *
 * @param kind {@link #GPU} or {@link #TPU}
 * @param label value of the label of nodes that have it
 * @param names further names
 * @param verified whether labels and machines were seen on a real cluster of this platform
 * @param machines that have it: their counts are the possible ones
 * @param topologies of a TPU: topology to chips of one host, the default one first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AcceleratorType(
    String kind,
    String label,
    List<String> names,
    boolean verified,
    List<Machine> machines,
    Map<String, Integer> topologies) {
  public static final String GPU = "GPU";
  public static final String TPU = "TPU";

  public AcceleratorType {
    names = Absent.or(names);
    machines = Absent.or(machines);
    topologies = Absent.or(topologies);
  }

  boolean isTpu() {
    return TPU.equals(kind);
  }

  /** The possible numbers of accelerators of one pod, in order. */
  List<Integer> counts() {
    return machines.stream().map(Machine::accelerators).distinct().sorted().toList();
  }

  /** Machines with exactly that many, the one whose size is the default first. */
  List<Machine> machines(int count) {
    return machines.stream().filter(machine -> machine.accelerators() == count).toList();
  }

  /** Chips of a slice of that topology: {@code 2x4} has 8; empty where it is none. */
  static Optional<Integer> chips(String topology) {
    if (!topology.matches("[1-9]\\d{0,2}(x[1-9]\\d{0,2}){1,2}")) {
      return Optional.empty();
    }
    int chips = 1;
    for (String side : topology.split("x", -1)) {
      chips *= Integer.parseInt(side);
    }
    return Optional.of(chips);
  }
}
