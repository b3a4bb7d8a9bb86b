package dev.spray.operator.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.HeadPorts;
import dev.spray.api.platform.Isolation;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Takes from a pod's spec what keeps its node for itself: how a platform does that may change, and
 * no pod has to go for it.
 */
final class WithoutIsolation {
  private static final JsonNode OTHERS = new JsonMapper().valueToTree(Isolation.otherRayPods());

  /** What stands beside the port that is the node's, and says nothing. */
  private static final Set<Map.Entry<String, Integer>> OWN = HeadPorts.BY_NAME.entrySet();

  static void in(ObjectNode pod) {
    remove(
        pod.at("/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution"),
        OTHERS::equals);
    JsonNode ports = pod.at("/containers/0/ports");
    boolean taken =
        StreamSupport.stream(ports.spliterator(), false).anyMatch(WithoutIsolation::isNodes);
    if (taken) {
      remove(ports, port -> isNodes(port) || saysNothing(port));
    }
  }

  private static boolean isNodes(JsonNode port) {
    return Isolation.PORT.equals(port.path("name").asText());
  }

  private static boolean saysNothing(JsonNode port) {
    boolean plain = port.size() == 3 && port.path("protocol").asText().equals("TCP");
    return plain
        && OWN.contains(Map.entry(port.path("name").asText(), port.path("containerPort").asInt()));
  }

  private static void remove(JsonNode array, Predicate<JsonNode> which) {
    if (array instanceof ArrayNode elements) {
      var rest =
          StreamSupport.stream(elements.spliterator(), false)
              .filter(which.negate())
              .collect(Collectors.toList());
      elements.removeAll().addAll(rest);
    }
  }

  private WithoutIsolation() {}
}
