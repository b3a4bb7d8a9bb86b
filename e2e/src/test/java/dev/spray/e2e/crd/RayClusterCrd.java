package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.OneOf;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the CRD out of the Java types and the schemas that an API server publishes. */
final class RayClusterCrd {

  /** The CRD as a tree. */
  static ObjectNode generate(KubernetesClient client) throws IOException {
    ObjectNode crd = generated(client.getKubernetesSerialization());
    ((ObjectNode) crd.at("/spec/names")).putArray("categories").add("all");
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    version.set("additionalPrinterColumns", inOrder(version.get("additionalPrinterColumns")));
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    ObjectNode spec = (ObjectNode) schema.at("/properties/spec");
    ObjectNode status = (ObjectNode) schema.at("/properties/status");
    numbers(schema);
    CoreSchemas core = CoreSchemas.publishedTo(client);
    complete(RayClusterSpec.class, spec, core);
    complete(RayClusterStatus.class, status, core);
    listMap(spec.at("/properties/workerGroupSpecs"), "groupName");
    listMap(spec.at("/properties/platform/properties/groups"), "groupName");
    listMap(spec.at("/properties/networkPolicy/properties/workerGroups"), "groupName");
    listMap(status.at("/properties/conditions"), "type");
    ((ObjectNode) status.at("/properties/lastUpdateTime"))
        .put("format", "date-time")
        .put("nullable", true);
    ((ObjectNode) status.at("/properties/stateTransitionTimes/additionalProperties"))
        .put("format", "date-time");
    schema.putArray("required").add("spec");
    Rules.addTo(schema);
    return crd;
  }

  private static ObjectNode generated(KubernetesSerialization json) throws IOException {
    Path dir = Files.createTempDirectory("sp-ray-crd-");
    new CRDGenerator()
        .customResourceClasses(RayCluster.class)
        .forCRDVersions("v1")
        .inOutputDir(dir.toFile())
        .generate();
    return json.unmarshal(
        Files.readString(dir.resolve("rayclusters.ray.io-v1.yml")), ObjectNode.class);
  }

  /**
   * Adds what the generator doesn't know: Kubernetes' own schemas of Kubernetes' types, and the
   * values of {@link OneOf}.
   */
  private static void complete(Class<?> type, ObjectNode schema, CoreSchemas core) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (schema.at("/properties/" + component.getName()) instanceof ObjectNode property) {
        OneOf values = component.getAnnotation(OneOf.class);
        if (values != null) {
          List.of(values.value()).forEach(property.withArray("enum")::add);
        }
        if (core.has(component.getType())) {
          ((ObjectNode) schema.get("properties"))
              .set(component.getName(), core.of(component.getType()));
        } else if (component.getType().isRecord()) {
          complete(component.getType(), property, core);
        } else if (component.getType() == List.class) {
          completeItems(elements(component), property, core);
        }
      }
    }
  }

  private static void completeItems(Class<?> type, ObjectNode list, CoreSchemas core) {
    if (core.has(type)) {
      list.set("items", core.of(type));
    } else if (type.isRecord()) {
      complete(type, (ObjectNode) list.get("items"), core);
    }
  }

  private static Class<?> elements(RecordComponent list) {
    Type element = ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
    return (Class<?>) element;
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

  private static void listMap(JsonNode list, String key) {
    ((ObjectNode) list)
        .put("x-kubernetes-list-type", "map")
        .putArray("x-kubernetes-list-map-keys")
        .add(key);
  }

  private RayClusterCrd() {}
}
