package dev.spray.operator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Resolution;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Some fields of a spec, as a tree: most of the others are none of ours; pure. */
final class SpecFields {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static ObjectNode of(Resolution.Resolved resolved, List<WorkerGroupSpec> groups) {
    ObjectNode fields = MAPPER.createObjectNode();
    put(fields, "rayVersion", resolved.rayVersion());
    put(fields, "headGroupSpec", resolved.head());
    put(fields, "workerGroupSpecs", groups.isEmpty() ? null : groups);
    put(fields, "enableInTreeAutoscaling", resolved.enableInTreeAutoscaling());
    put(fields, "autoscalerOptions", resolved.autoscalerOptions());
    put(fields, "authOptions", resolved.authOptions());
    return fields;
  }

  private static void put(ObjectNode fields, String name, Object value) {
    if (value != null) {
      fields.set(name, MAPPER.valueToTree(value));
    }
  }

  static RayClusterSpec spec(ObjectNode fields) {
    try {
      return MAPPER.treeToValue(fields, RayClusterSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was written as JSON can be read", e);
    }
  }

  static RayClusterSpec merged(RayClusterSpec before, ObjectNode fields, Set<String> gone) {
    ObjectNode merged = MAPPER.valueToTree(before);
    ArrayNode groups = MAPPER.createArrayNode();
    fields.path("workerGroupSpecs").forEach(groups::add);
    Set<String> written =
        groups.valueStream().map(g -> g.path("groupName").asText()).collect(Collectors.toSet());
    merged
        .path("workerGroupSpecs")
        .forEach(group -> {
          String name = group.path("groupName").asText();
          if (!written.contains(name) && !gone.contains(name)) {
            groups.add(group);
          }
        });
    merged.setAll(fields);
    merged.set("workerGroupSpecs", groups);
    return spec(merged);
  }

  private SpecFields() {}
}
