package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the CRD out of the Java types and the schemas that an API server publishes. */
final class RayClusterCrd {

  /** The CRD as a tree. */
  static ObjectNode generate(KubernetesClient client) throws IOException {
    KubernetesSerialization json = client.getKubernetesSerialization();
    Path dir = Files.createTempDirectory("sp-ray-crd-");
    new CRDGenerator()
        .customResourceClasses(RayCluster.class)
        .forCRDVersions("v1")
        .inOutputDir(dir.toFile())
        .generate();
    ObjectNode crd =
        json.unmarshal(
            Files.readString(dir.resolve("rayclusters.ray.io-v1.yml")), ObjectNode.class);
    JsonNode openApi = json.unmarshal(client.raw("/openapi/v3/api/v1"), JsonNode.class);
    CoreSchemas core = new CoreSchemas(openApi);
    ObjectNode template = core.podTemplateSpec();

    ((ObjectNode) crd.at("/spec/names")).putArray("categories").add("all");
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    version.set("additionalPrinterColumns", inOrder(version.get("additionalPrinterColumns")));
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    ObjectNode spec = (ObjectNode) schema.at("/properties/spec/properties");
    ObjectNode groups = (ObjectNode) spec.get("workerGroupSpecs");
    ObjectNode conditions = (ObjectNode) schema.at("/properties/status/properties/conditions");
    numbers(schema);
    ((ObjectNode) spec.at("/headGroupSpec/properties")).set("template", template);
    ((ObjectNode) groups.at("/items/properties")).set("template", template);
    conditions.set("items", core.condition());
    ((ObjectNode) schema.at("/properties/status/properties/lastUpdateTime"))
        .put("format", "date-time");
    listMap(groups, "groupName");
    listMap(conditions, "type");
    schema.putArray("required").add("spec");
    return crd;
  }

  /** The generator sorts by path; people read what was wanted beside what is there. */
  private static ArrayNode inOrder(JsonNode columns) {
    ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
    for (var annotated : RayCluster.class.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      columns.forEach(column -> {
        if (column.get("name").asText().equals(annotated.name())) {
          ordered.add(column);
        }
      });
    }
    return ordered;
  }

  /**
   * Says which integers are 32 bits wide, bounds all numbers, and writes bounds without fractions.
   */
  private static void numbers(ObjectNode schema) {
    if (schema.path("type").asText().equals("integer")) {
      schema.put("format", "int32");
      for (String bound : List.of("minimum", "maximum")) {
        if (schema.has(bound)) {
          schema.put(bound, schema.get(bound).asLong());
        }
      }
      Bounds.addTo(schema);
    }
    schema.forEach(child -> {
      if (child instanceof ObjectNode object) {
        numbers(object);
      }
    });
    if (schema.at("/properties/observedGeneration") instanceof ObjectNode generation) {
      generation.put("format", "int64").remove(List.of("minimum", "maximum"));
    }
  }

  private static void listMap(ObjectNode list, String key) {
    list.put("x-kubernetes-list-type", "map");
    list.putArray("x-kubernetes-list-map-keys").add(key);
  }

  private RayClusterCrd() {}
}
