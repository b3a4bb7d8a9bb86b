package dev.spray.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All places in which two objects differ; an empty list, map or text counts as an absent one. */
public final class JsonDifferences {

  /**
   * One place.
   *
   * @param path for example {@code spec.containers[0].image}
   * @param ours empty text when it is only in the other
   * @param theirs likewise
   */
  public record Difference(String path, String ours, String theirs) {}

  private final List<Difference> found = new ArrayList<>();

  public static List<Difference> between(Object ours, Object theirs) {
    JsonDifferences differences = new JsonDifferences();
    differences.compare("", tree(ours), tree(theirs));
    return differences.found;
  }

  private static JsonNode tree(Object object) {
    return Serialization.unmarshal(Serialization.asJson(object), JsonNode.class);
  }

  private void compare(String path, JsonNode ours, JsonNode theirs) {
    if (isEmpty(ours) && isEmpty(theirs)) {
      return;
    }
    if (isObjectOrMissing(ours) && isObjectOrMissing(theirs)) {
      Set<String> names = new TreeSet<>();
      ours.fieldNames().forEachRemaining(names::add);
      theirs.fieldNames().forEachRemaining(names::add);
      names.forEach(name ->
          compare(path.isEmpty() ? name : path + "." + name, ours.path(name), theirs.path(name)));
    } else if (isArrayOrMissing(ours) && isArrayOrMissing(theirs)) {
      for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
        compare(path + "[" + i + "]", ours.path(i), theirs.path(i));
      }
    } else if (!ours.equals(theirs) && !isSameQuantity(path, ours, theirs)) {
      found.add(new Difference(path, text(ours), text(theirs)));
    }
  }

  private static boolean isObjectOrMissing(JsonNode node) {
    return node.isObject() || node.isMissingNode();
  }

  private static boolean isArrayOrMissing(JsonNode node) {
    return node.isArray() || node.isMissingNode();
  }

  private static boolean isEmpty(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || (node.isContainerNode() && node.isEmpty())
        || (node.isTextual() && node.textValue().isEmpty());
  }

  /** The API server rewrites quantities: 1000m becomes 1. */
  private static boolean isSameQuantity(String path, JsonNode ours, JsonNode theirs) {
    boolean quantity = path.matches(".*\\.(limits|requests)\\..*|.*\\.sizeLimit");
    return quantity
        && !ours.isMissingNode()
        && !theirs.isMissingNode()
        && new Quantity(ours.asText()).equals(new Quantity(theirs.asText()));
  }

  private static String text(JsonNode node) {
    return node instanceof MissingNode ? "" : node.isTextual() ? node.textValue() : node.toString();
  }
}
