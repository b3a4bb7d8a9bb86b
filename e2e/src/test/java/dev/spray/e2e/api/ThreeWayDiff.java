package dev.spray.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;

/**
 * What Argo CD and {@code kubectl apply} would change of an object of a kind that they don't know,
 * by default: a JSON merge patch of what was applied last, what is there, and what is wanted. Lists
 * are compared as a whole.
 */
final class ThreeWayDiff {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final List<String> changes = new ArrayList<>();

  /** Where they would, as JSON pointers; none: the two are in sync. */
  static List<String> of(JsonNode live, JsonNode wanted) {
    JsonNode last = live.at("/metadata/annotations").path(LAST_APPLIED);
    ThreeWayDiff diff = new ThreeWayDiff();
    diff.addAndChange("", live, wanted);
    if (last.isTextual()) {
      JsonNode applied = Serialization.unmarshal(last.asText(), JsonNode.class);
      // kubectl's own, of every object that it writes.
      ((ObjectNode) applied.path("metadata")).remove(List.of("annotations", "namespace"));
      diff.delete("", applied, wanted, live);
    }
    return diff.changes;
  }

  private void addAndChange(String at, JsonNode live, JsonNode wanted) {
    if (live.isObject() && wanted.isObject()) {
      wanted
          .properties()
          .forEach(field ->
              addAndChange(at + "/" + field.getKey(), live.path(field.getKey()), field.getValue()));
    } else if (!live.equals(wanted)) {
      changes.add(at);
    }
  }

  private void delete(String at, JsonNode applied, JsonNode wanted, JsonNode live) {
    applied
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (wanted.has(name)) {
            delete(at + "/" + name, field.getValue(), wanted.get(name), live.path(name));
          } else if (live.has(name)) {
            changes.add(at + "/" + name);
          }
        });
  }
}
