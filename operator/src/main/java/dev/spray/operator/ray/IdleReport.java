package dev.spray.operator.ray;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads from answers of Ray's state API which workers have nothing to do; pure. */
final class IdleReport {

  /**
   * Addresses of workers on which no task runs and no actor lives.
   *
   * @param nodes that are alive
   * @param tasks that run
   * @param actors that live
   * @return none when an answer is not complete: who isn't named in it may be at work all the same
   */
  static Set<String> idle(JsonNode nodes, JsonNode tasks, JsonNode actors) {
    if (!isComplete(nodes) || !isComplete(tasks) || !isComplete(actors)) {
      return Set.of();
    }
    Set<String> busy = new HashSet<>();
    rows(tasks).forEach(task -> busy.add(task.path("node_id").asText()));
    rows(actors).forEach(actor -> busy.add(actor.path("node_id").asText()));
    return rows(nodes)
        .valueStream()
        .filter(node -> !node.path("is_head_node").asBoolean())
        .filter(node -> !busy.contains(node.path("node_id").asText()))
        .map(node -> node.path("node_ip").asText())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isComplete(JsonNode answer) {
    JsonNode list = answer.at("/data/result");
    return answer.path("result").asBoolean()
        && list.path("result").isArray()
        && list.path("total").asLong() == list.path("num_after_truncation").asLong()
        && list.path("num_filtered").asLong() == list.path("result").size()
        && list.path("partial_failure_warning").asText("").isEmpty();
  }

  private static JsonNode rows(JsonNode answer) {
    return answer.at("/data/result/result");
  }

  private IdleReport() {}
}
