package dev.spray.operator.ray;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads from answers of Ray's state API which workers have nothing to do; pure. */
final class IdleReport {

  /** An answer, as far as it is read. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Answer(boolean result, Data data) {
    boolean isComplete() {
      return hasRows() && data.result().isComplete();
    }

    boolean hasRows() {
      return result && data != null && data.result() != null && data.result().result() != null;
    }

    List<Row> rows() {
      return data.result().result();
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Data(Listing result) {}

  /**
   * Rows, and how many there would be.
   *
   * @param total of all states
   * @param kept of those, after the source has cut its list
   * @param filtered of those, in the state that was asked for
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Listing(
      long total,
      @JsonProperty("num_after_truncation") long kept,
      @JsonProperty("num_filtered") long filtered,
      @JsonProperty("partial_failure_warning") String warning,
      List<Row> result) {
    boolean isComplete() {
      return result != null
          && total == kept
          && filtered == result.size()
          && (warning == null || warning.isEmpty());
    }
  }

  /** A node, a task or an actor. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Row(
      @JsonProperty("node_id") String node,
      @JsonProperty("node_ip") String address,
      @JsonProperty("is_head_node") boolean head,
      @JsonProperty("ray_namespace") String namespace,
      @JsonProperty("class_name") String className) {}

  /**
   * Addresses of workers on which no task runs and no actor lives.
   *
   * @param nodes that are alive
   * @param tasks that run
   * @param actors that live
   * @return none when tasks or actors aren't complete: who isn't named there may be at work all the
   *     same. The list of living nodes says that it isn't as soon as one has died, and may
   */
  static Set<String> idle(Answer nodes, Answer tasks, Answer actors) {
    if (!nodes.hasRows() || !tasks.isComplete() || !actors.isComplete()) {
      return Set.of();
    }
    Set<String> busy = new HashSet<>();
    Stream.of(tasks, actors).flatMap(one -> one.rows().stream()).forEach(r -> busy.add(r.node()));
    // Nodes in the network of their hosts may share an address.
    Set<String> busyAddresses =
        nodes.rows().stream()
            .filter(node -> node.head() || busy.contains(node.node()))
            .map(Row::address)
            .collect(Collectors.toSet());
    return nodes.rows().stream()
        .map(Row::address)
        .filter(address -> address != null && !busyAddresses.contains(address))
        .collect(Collectors.toUnmodifiableSet());
  }

  private IdleReport() {}
}
