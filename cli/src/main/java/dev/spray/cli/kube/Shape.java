package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What one pod asks for, as its author wrote it.
 *
 * @param cpus as a decimal number, for example {@code 15} or {@code 0.5}; null when not said
 * @param memory for example {@code 48Gi}; null when not said
 * @param gpus whole GPUs; {@code 0} without one
 * @param gpuType short name of the GPU; null when there is none or it isn't said
 * @param image of the Ray container; null when not said
 */
public record Shape(String cpus, String memory, String gpus, String gpuType, String image) {
  private static final String ACCELERATOR = "cloud.google.com/gke-accelerator";

  /** Of a pod template: its first container is the Ray container. */
  static Shape ofTemplate(JsonNode template) {
    JsonNode ray = Json.at(template, "spec", "containers", 0);
    JsonNode resources = Json.at(ray, "resources");
    return new Shape(
        decimal(asked(resources, "cpu")),
        asked(resources, "memory"),
        gpus(resources),
        type(Json.text(template, "spec", "nodeSelector", ACCELERATOR)),
        Json.text(ray, "image"));
  }

  /** Of {@code platform.head} or an entry of {@code platform.groups}. */
  static Shape ofPlatform(JsonNode part, String image) {
    String count = Json.text(part, "accelerator", "count");
    String type = Json.text(part, "accelerator", "type");
    return new Shape(
        decimal(Json.text(part, "cpu")),
        Json.text(part, "memory"),
        count != null ? count : type == null ? "0" : "1",
        type,
        image);
  }

  private static String asked(JsonNode resources, String name) {
    String requested = Json.text(resources, "requests", name);
    return requested != null ? requested : Json.text(resources, "limits", name);
  }

  private static String gpus(JsonNode resources) {
    for (String part : new String[] {"limits", "requests"}) {
      for (Map.Entry<String, JsonNode> entry : Json.at(resources, part).properties()) {
        if (entry.getKey().endsWith("/gpu")) {
          return entry.getValue().asText();
        }
      }
    }
    return "0";
  }

  /** The word that tells GPU types apart: the label {@code nvidia-tesla-t4} is {@code t4}. */
  private static String type(String label) {
    return label == null ? null : label.replaceFirst("^nvidia-", "").replaceFirst("^tesla-", "");
  }

  private static String decimal(String quantity) {
    if (quantity == null) {
      return null;
    }
    try {
      BigDecimal cores = Quantity.getAmountInBytes(new Quantity(quantity));
      return cores.stripTrailingZeros().toPlainString();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return quantity;
    }
  }
}
