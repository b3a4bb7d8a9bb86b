package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;

/**
 * Makes the schemas of embedded core types out of what the API server publishes about them, so that
 * list and map types, formats and required fields are Kubernetes' own.
 */
final class CoreSchemas {
  private static final String REF = "#/components/schemas/";
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String CONDITION_TYPE =
      "^(%1$s(\\.%1$s)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$".formatted(DNS_LABEL);
  private static final String CONDITION_REASON = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$";

  /** What a template may say of its metadata; the rest is the API server's. */
  private static final Set<String> METADATA =
      Set.of("name", "namespace", "labels", "annotations", "finalizers");

  private final JsonNode schemas;

  private CoreSchemas(JsonNode schemas) {
    this.schemas = schemas;
  }

  /** Those of the API server that a client talks to. */
  static CoreSchemas publishedTo(KubernetesClient client) {
    ObjectNode schemas = JsonNodeFactory.instance.objectNode();
    for (String document : List.of("api/v1", "apis/networking.k8s.io/v1")) {
      JsonNode openApi =
          client
              .getKubernetesSerialization()
              .unmarshal(client.raw("/openapi/v3/" + document), JsonNode.class);
      schemas.setAll((ObjectNode) openApi.at("/components/schemas"));
    }
    return new CoreSchemas(schemas);
  }

  /** Whether a class of the model stands for one of Kubernetes' types. */
  boolean has(Class<?> type) {
    return type.getPackageName().startsWith("io.fabric8.kubernetes.api.model");
  }

  /** The schema of the type that a class of the model stands for. */
  ObjectNode of(Class<?> type) {
    if (type == Quantity.class) {
      return resolved(QUANTITY);
    }
    if (type == IntOrString.class) {
      return resolved(INT_OR_STRING);
    }
    if (type == Condition.class) {
      return condition();
    }
    if (type == PodTemplateSpec.class) {
      return podTemplateSpec();
    }
    String group = type.getPackageName().endsWith(".networking.v1") ? "networking" : "core";
    return structural(schemas.get("io.k8s.api.%s.v1.%s".formatted(group, type.getSimpleName())));
  }

  /** What is published of it lacks what every kind's conditions keep to. */
  private ObjectNode condition() {
    ObjectNode schema = structural(schemas.get(META + "Condition"));
    ObjectNode type = (ObjectNode) schema.at("/properties/type");
    type.put("maxLength", 316).put("pattern", CONDITION_TYPE);
    ObjectNode reason = (ObjectNode) schema.at("/properties/reason");
    reason.put("minLength", 1).put("maxLength", 1024).put("pattern", CONDITION_REASON);
    ((ObjectNode) schema.at("/properties/message")).put("maxLength", 32768);
    ((ObjectNode) schema.at("/properties/observedGeneration")).put("minimum", 0);
    ((ObjectNode) schema.at("/properties/status"))
        .putArray("enum")
        .add("True")
        .add("False")
        .add("Unknown");
    return schema;
  }

  /** With at least one container. */
  private ObjectNode podTemplateSpec() {
    ObjectNode schema = structural(schemas.get("io.k8s.api.core.v1.PodTemplateSpec"));
    ((ObjectNode) schema.at("/properties/spec/properties/containers")).put("minItems", 1);
    schema.putArray("required").add("spec");
    return schema;
  }

  private ObjectNode structural(JsonNode published) {
    String reference = reference(published);
    if (reference != null) {
      return resolved(reference);
    }
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    published
        .properties()
        .forEach(field -> {
          switch (field.getKey()) {
            case "properties" -> {
              ObjectNode properties = schema.putObject("properties");
              field
                  .getValue()
                  .properties()
                  .forEach(p -> properties.set(p.getKey(), structural(p.getValue())));
            }
            case "items", "additionalProperties" ->
                schema.set(field.getKey(), structural(field.getValue()));
            // A stored default is drift for whoever applied the object without it.
            case "default",
                "description",
                "x-kubernetes-patch-merge-key",
                "x-kubernetes-patch-strategy",
                "x-kubernetes-unions",
                "x-kubernetes-group-version-kind" -> {}
            default -> schema.set(field.getKey(), field.getValue());
          }
        });
    keepDefaultsOfKeys(published, schema);
    Bounds.addTo(schema);
    return schema;
  }

  /** Keys of a list-map must be required or have a default: the one kind of default that stays. */
  private void keepDefaultsOfKeys(JsonNode published, ObjectNode schema) {
    for (JsonNode key : published.path("x-kubernetes-list-map-keys")) {
      String reference = reference(published.get("items"));
      JsonNode item = reference == null ? published.get("items") : schemas.get(reference);
      JsonNode standard = item.at("/properties/" + key.asText() + "/default");
      boolean required = item.path("required").toString().contains("\"" + key.asText() + "\"");
      if (!required && !standard.isMissingNode()) {
        ((ObjectNode) schema.at("/items/properties/" + key.asText())).set("default", standard);
      }
    }
  }

  private ObjectNode resolved(String reference) {
    if (reference.equals(QUANTITY) || reference.equals(INT_OR_STRING)) {
      ObjectNode schema = JsonNodeFactory.instance.objectNode();
      schema.putArray("anyOf").addObject().put("type", "integer");
      schema.withArray("anyOf").addObject().put("type", "string");
      schema.put("x-kubernetes-int-or-string", true);
      return reference.equals(QUANTITY) ? Bounds.ofQuantity(schema) : Bounds.ofInt32(schema);
    }
    if (reference.equals(META + "ObjectMeta")) {
      ObjectNode metadata = structural(schemas.get(reference));
      ((ObjectNode) metadata.get("properties")).retain(METADATA);
      return metadata;
    }
    return structural(schemas.get(reference));
  }

  /** The type that a schema is or wraps: published fields wrap it to add a default. */
  private static String reference(JsonNode published) {
    JsonNode reference =
        published.has("$ref") ? published.get("$ref") : published.at("/allOf/0/$ref");
    return reference.isMissingNode() ? null : reference.asText().substring(REF.length());
  }
}
