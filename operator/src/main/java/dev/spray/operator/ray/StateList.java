package dev.spray.operator.ray;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A list of Ray's state API, as far as it is read. */
@JsonIgnoreProperties(ignoreUnknown = true)
record StateList(boolean result, Data data) {
  /** The most rows that Ray gives. */
  private static final int LIMIT = 10_000;

  /** Path of the list of what is in this state. */
  static String path(String what, String state) {
    return "/api/v0/%s?limit=%d&filter_keys=state&filter_predicates=%%3D&filter_values=%s"
        .formatted(what, LIMIT, state);
  }

  boolean isComplete() {
    return hasRows() && data.result().isComplete();
  }

  boolean hasRows() {
    return result && data != null && data.result() != null && data.result().result() != null;
  }

  List<Row> rows() {
    return data.result().result();
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
}
