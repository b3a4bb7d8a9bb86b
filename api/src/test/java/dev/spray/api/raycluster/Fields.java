package dev.spray.api.raycluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The fields of a RayCluster as an outline, out of the Java types and of the schema in the CRD:
 * they must agree. {@code !} marks a required field, {@code =} a default; a list names its items in
 * brackets, or the key that makes it a map. What Kubernetes' types hold is left to Kubernetes.
 */
final class Fields {
  /** The root of the work tree. */
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("..").normalize();

  private static final String KUBERNETES = "io.fabric8.kubernetes.api.model";
  private static final Map<Class<?>, String> TYPES =
      Map.of(String.class, "string", Boolean.class, "boolean");

  private final List<String> lines = new ArrayList<>();

  /** The schema of RayCluster in the CRD. */
  static JsonNode schema() throws IOException {
    return version().at("/schema/openAPIV3Schema");
  }

  /** The one version in the CRD. */
  static JsonNode version() throws IOException {
    String crd = Files.readString(ROOT.resolve("crds/ray.io_rayclusters.yaml"));
    return Serialization.unmarshal(crd, JsonNode.class).at("/spec/versions/0");
  }

  /** The outline. */
  static String outline() throws IOException {
    JsonNode schema = schema();
    Fields fields = new Fields();
    fields.object(RayClusterSpec.class, "spec", schema, "");
    fields.object(RayClusterStatus.class, "status", schema, "");
    return String.join("\n", fields.lines) + "\n";
  }

  private void object(Class<?> type, String name, JsonNode parent, String indent) {
    lines.add(indent + name + required(name, parent) + ":");
    members(type, parent.at("/properties/" + name), indent + "  ");
  }

  private void members(Class<?> type, JsonNode schema, String indent) {
    Set<String> properties =
        schema
            .get("properties")
            .propertyStream()
            .map(Map.Entry::getKey)
            .collect(java.util.stream.Collectors.toSet());
    List<RecordComponent> components =
        Stream.of(type.getRecordComponents())
            // The one component that is no field.
            .filter(component -> !component.getName().equals("unreadable"))
            .sorted(Comparator.comparing(RecordComponent::getName))
            .toList();
    for (RecordComponent component : components) {
      if (!properties.remove(component.getName())) {
        throw new AssertionError(
            "the CRD lacks " + type.getSimpleName() + "." + component.getName());
      }
      member(component, schema, indent);
    }
    if (!properties.isEmpty()) {
      throw new AssertionError(type.getSimpleName() + " lacks " + properties);
    }
  }

  private void member(RecordComponent component, JsonNode parent, String indent) {
    String name = component.getName();
    JsonNode schema = parent.at("/properties/" + name);
    if (component.getType().isRecord()) {
      object(component.getType(), name, parent, indent);
      return;
    }
    String start = indent + name + required(name, parent);
    if (component.getType() != List.class) {
      lines.add(start + ": " + type(component.getGenericType(), schema) + details(schema));
      return;
    }
    JsonNode key = schema.at("/x-kubernetes-list-map-keys/0");
    Class<?> item = (Class<?>) argument(component.getGenericType(), 0);
    if (item.isRecord()) {
      lines.add(start + (key.isMissingNode() ? "[]:" : "[" + key.asText() + "]:"));
      members(item, schema.get("items"), indent + "  ");
    } else {
      String by = key.isMissingNode() ? "" : " by " + key.asText();
      lines.add(start + ": [" + type(item, schema.get("items")) + by + "]");
    }
  }

  private static String required(String name, JsonNode parent) {
    return parent.path("required").valueStream().anyMatch(n -> n.asText().equals(name)) ? "!" : "";
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static String type(Type type, JsonNode schema) {
    if (type instanceof ParameterizedType map) {
      JsonNode value = schema.get("additionalProperties");
      return "{string: " + type(argument(map, 1), value) + "}";
    }
    Class<?> javaType = (Class<?>) type;
    if (javaType.getPackageName().startsWith(KUBERNETES)) {
      return javaType.getSimpleName();
    }
    String expected = TYPES.getOrDefault(javaType, "integer");
    if (!schema.get("type").asText().equals(expected)) {
      throw new AssertionError(javaType + " stands for " + schema);
    }
    return schema.has("format") ? schema.get("format").asText() : expected;
  }

  private static String details(JsonNode schema) {
    String values =
        String.join(" | ", schema.path("enum").valueStream().map(JsonNode::toString).toList());
    return (schema.has("default") ? " = " + schema.get("default") : "")
        + (values.isEmpty() ? "" : " (" + values + ")");
  }
}
