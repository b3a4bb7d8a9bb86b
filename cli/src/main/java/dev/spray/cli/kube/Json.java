package dev.spray.cli.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads and writes trees that may lack anything. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is at a path of field names and indexes; a missing node when nothing is. */
  public static JsonNode at(JsonNode tree, Object... path) {
    JsonNode node = tree;
    for (Object step : path) {
      node = step instanceof Integer index ? node.path(index) : node.path((String) step);
    }
    return node.isNull() ? MissingNode.getInstance() : node;
  }

  /** Text at a path; null when there is none. */
  public static String text(JsonNode tree, Object... path) {
    JsonNode node = at(tree, path);
    return node.isMissingNode() || node.asText().isEmpty() ? null : node.asText();
  }

  /** Number at a path; null when there is none. */
  public static Integer number(JsonNode tree, Object... path) {
    JsonNode node = at(tree, path);
    return node.isNumber() ? Integer.valueOf(node.intValue()) : null;
  }

  /** The object at a path of field names; made when absent. */
  public static ObjectNode object(ObjectNode tree, String... path) {
    ObjectNode node = tree;
    for (String step : path) {
      node = node.path(step) instanceof ObjectNode child ? child : node.putObject(step);
    }
    return node;
  }

  /** An object of a library as a tree. */
  public static ObjectNode tree(Object object) {
    return MAPPER.valueToTree(object);
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An empty list. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** A tree as an object of a library. */
  public static <T> T read(JsonNode tree, Class<T> type) {
    return MAPPER.convertValue(tree, type);
  }

  /** Maps, lists and values as a tree. */
  public static JsonNode any(Object object) {
    return MAPPER.valueToTree(object);
  }

  /** Text as a tree. */
  public static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  private Json() {}
}
