package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the CRD lets a user write into a template arrives in the pod, where he wrote it. */
class TemplateLeavesTest {
  private static final Path CRD = Path.of("../crds/ray.io_rayclusters.yaml");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What is made out of the user's, and is there in another form. */
  private static final Set<String> REPLACED =
      Set.of("/spec/containers/0/command/0", "/spec/containers/0/args/0");

  @Test
  void everyLeafOfATemplateIsInThePod() throws IOException {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    collect(template().at("/properties/spec"), "/spec", leaves);
    List<String> lost = new ArrayList<>();
    leaves.forEach((path, value) -> {
      for (Pod pod : pods(path, value)) {
        JsonNode there = Serialization.unmarshal(Serialization.asJson(pod), JsonNode.class);
        if (!there.at(path).equals(value)) {
          lost.add(path + ": " + value + " became " + there.at(path));
        }
      }
    });

    assertThat(leaves.size()).as("the schema is a whole one").isGreaterThan(900);
    assertThat(leaves.keySet())
        .contains(
            "/spec/containers/1/command/0",
            "/spec/containers/0/resources/limits/key",
            "/spec/initContainers/0/image");
    assertThat(lost).isEmpty();
  }

  private static List<Pod> pods(String path, JsonNode value) {
    JsonNode json =
        Serialization.unmarshal(
            "spec: {containers: [{name: ray}, {name: other}], initContainers: [{name: first}]}",
            JsonNode.class);
    put(json, path, value);
    PodTemplateSpec template = Serialization.unmarshal(json.toString(), PodTemplateSpec.class);
    WorkerGroupSpec group = new WorkerGroupSpec("small", 1, 0, 1, Map.of(), null, template);
    RayCluster cluster = Clusters.named("demo").head(template).group(group).build();
    return List.of(
        RayPod.head(cluster, Pods.SETTINGS),
        RayPod.worker(cluster, group, Pods.worker("w", 0), Pods.SETTINGS));
  }

  private static void put(JsonNode tree, String path, JsonNode value) {
    String[] steps = path.substring(1).split("/", -1);
    JsonNode node = tree;
    for (int i = 0; i < steps.length; i++) {
      JsonNode next = i + 1 == steps.length ? value : node.at("/" + steps[i]);
      if (next.isMissingNode()) {
        next = steps[i + 1].equals("0") ? JSON.arrayNode() : JSON.objectNode();
      }
      if (node instanceof ObjectNode object) {
        object.set(steps[i], next);
      } else if (node instanceof ArrayNode array && array.isEmpty()) {
        array.add(next);
      }
      node = next;
    }
  }

  /** Finds the leaves of a schema: path to a value that fits. */
  private static void collect(JsonNode schema, String path, Map<String, JsonNode> leaves) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      add(path, JSON.textNode("3"), leaves);
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> {
        schema
            .path("properties")
            .properties()
            .forEach(field -> collect(field.getValue(), path + "/" + field.getKey(), leaves));
        if (schema.path("additionalProperties").isObject()) {
          collect(schema.get("additionalProperties"), path + "/key", leaves);
        }
      }
      case "array" -> {
        collect(schema.get("items"), path + "/0", leaves);
        if (path.equals("/spec/containers")) {
          collect(schema.get("items"), path + "/1", leaves);
        }
      }
      case "integer" -> add(path, JSON.numberNode(7), leaves);
      case "boolean" -> add(path, JSON.booleanNode(true), leaves);
      case "string" -> add(path, JSON.textNode("x"), leaves);
      default -> throw new IllegalStateException(path + ": " + schema);
    }
  }

  private static void add(String path, JsonNode value, Map<String, JsonNode> leaves) {
    if (!REPLACED.contains(path)) {
      leaves.put(path, value);
    }
  }

  private static JsonNode template() throws IOException {
    return Serialization.unmarshal(Files.readString(CRD), JsonNode.class)
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec")
        .at("/properties/headGroupSpec/properties/template");
  }
}
