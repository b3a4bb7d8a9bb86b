package dev.spray.cli.term;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.YamlDumpSettings;
import io.fabric8.kubernetes.client.utils.YamlDumpSettingsBuilder;
import java.util.List;

/** Whole objects as JSON or YAML. */
public final class Documents {
  /** Of lists that are no objects of Kubernetes. */
  public static final String API_VERSION = "cli.sp-ray/v1";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Prints one. */
  public static void print(Terminal terminal, OutputFormat format, JsonNode document) {
    terminal.out().println(text(format, document));
  }

  /** One document, without a line end. */
  public static String text(OutputFormat format, JsonNode document) {
    try {
      return format == OutputFormat.yaml
          ? yaml(document)
          : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that can't be written", e);
    }
  }

  private static String yaml(JsonNode document) {
    YamlDumpSettings plain = new YamlDumpSettingsBuilder().setMinimizeQuotes(true).build();
    String text = new KubernetesSerialization(JSON, false, plain).asYaml(document).stripTrailing();
    return text.startsWith("---\n") ? text.substring(4) : text;
  }

  /** Objects of Kubernetes as its own lists are. */
  public static ObjectNode list(List<? extends JsonNode> items) {
    return list("v1", "List", items);
  }

  /** A list of the given kind. */
  public static ObjectNode list(String apiVersion, String kind, List<? extends JsonNode> items) {
    ObjectNode list = JSON.createObjectNode();
    list.put("apiVersion", apiVersion).put("kind", kind);
    ArrayNode array = list.putArray("items");
    items.forEach(array::add);
    return list;
  }

  private Documents() {}
}
