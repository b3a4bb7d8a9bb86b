package dev.spray.api.raycluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Reads a status that may not be readable as none: the operator writes it anew. */
final class StatusDeserializer extends JsonDeserializer<RayClusterStatus> {

  @Override
  public RayClusterStatus deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode tree = context.readTree(parser);
    try {
      return context.readTreeAsValue(tree, RayClusterStatus.class);
    } catch (JsonMappingException e) {
      return null;
    }
  }
}
