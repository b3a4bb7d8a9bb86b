package dev.spray.e2e.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A RayCluster that is wrong in one way.
 *
 * @param what the mistake
 * @param refused what the API server says; null: it can't tell
 * @param stalled what the operator says of such an object, should there be one; null: nothing
 * @param bad the manifest
 * @param good the same without the mistake
 */
record Mistake(String what, String refused, String stalled, ObjectNode bad, ObjectNode good) {
  private static final Path CORPUS = Testbed.ROOT.resolve("e2e/src/test/resources/raycluster");

  /** All of the corpus; their clusters have different names. */
  static List<Mistake> all() throws IOException {
    ObjectNode base = (ObjectNode) read(CORPUS.resolve("cluster.yaml"));
    List<Mistake> all = new ArrayList<>();
    for (Path file : files("invalid", ".yaml")) {
      for (JsonNode mistake : read(file)) {
        ObjectNode named = base.deepCopy();
        ((ObjectNode) named.get("metadata")).put("name", "mistake-" + all.size());
        JsonNode bad = merged(named, mistake.get("bad"));
        all.add(
            new Mistake(
                "%s: %s".formatted(file.getFileName(), mistake.get("what").asText()),
                mistake.path("refused").textValue(),
                mistake.path("stalled").textValue(),
                (ObjectNode) bad,
                (ObjectNode) merged(bad, mistake.get("good"))));
      }
    }
    return all;
  }

  /** Files of the corpus. */
  static List<Path> files(String directory, String end) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(directory))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  static String name(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }

  static GenericKubernetesResource resource(ObjectNode manifest) {
    return Serialization.unmarshal(manifest.toString(), GenericKubernetesResource.class);
  }

  private static JsonNode read(Path file) throws IOException {
    return Serialization.unmarshal(Files.readString(file), JsonNode.class);
  }

  /** As RFC 7386 has it. */
  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged =
        target.isObject()
            ? ((ObjectNode) target).deepCopy()
            : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(field -> {
          if (field.getValue().isNull()) {
            merged.remove(field.getKey());
          } else {
            merged.set(field.getKey(), merged(merged.path(field.getKey()), field.getValue()));
          }
        });
    return merged;
  }

  @Override
  public String toString() {
    return what;
  }
}
