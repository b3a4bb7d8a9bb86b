package dev.spray.api.raycluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * Reads a spec that may not be readable. One object that fails to parse would end the watch over
 * all of them; this one is read as a spec that says what is wrong with it. It happens where the API
 * server accepted more than Java's types hold: under an older or another project's CRD.
 */
final class SpecDeserializer extends JsonDeserializer<RayClusterSpec> {

  @Override
  public RayClusterSpec deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode tree = context.readTree(parser);
    try {
      return context.readTreeAsValue(tree, RayClusterSpec.class);
    } catch (JsonMappingException e) {
      return RayClusterSpec.unreadable("spec." + path(e) + ": " + e.getOriginalMessage());
    }
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}
