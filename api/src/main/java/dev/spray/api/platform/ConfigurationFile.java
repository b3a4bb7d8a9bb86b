package dev.spray.api.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads a {@link PlatformConfiguration} and refuses what would fail one cluster after another. */
public final class ConfigurationFile {
  /** Name of the configuration for GKE. */
  public static final String GKE = "gke";

  /** Name of the configuration for the testbed and laptops. */
  public static final String SMALL = "small";

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * One of the configurations that come with sp-ray.
   *
   * @param name {@link #GKE} or {@link #SMALL}
   */
  public static PlatformConfiguration shipped(String name) {
    try (InputStream in = ConfigurationFile.class.getResourceAsStream(name + ".yaml")) {
      Objects.requireNonNull(in, name);
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException when it is no such text; says what is wrong and what is
   *     possible
   */
  public static PlatformConfiguration parse(String yaml) {
    JsonNode tree;
    try {
      tree = Serialization.unmarshal(yaml, JsonNode.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it is not YAML: " + e.getMessage(), e);
    }
    if (!(tree instanceof ObjectNode)
        || !PlatformConfiguration.API_VERSION.equals(tree.path("apiVersion").asText())
        || !PlatformConfiguration.KIND.equals(tree.path("kind").asText())) {
      throw new IllegalArgumentException(
          String.format(
              "it must have apiVersion: %s and kind: %s",
              PlatformConfiguration.API_VERSION, PlatformConfiguration.KIND));
    }
    PlatformConfiguration configuration = read(tree);
    List<String> problems = ConfigurationProblems.of(configuration);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return configuration;
  }

  private static PlatformConfiguration read(JsonNode tree) {
    try {
      return STRICT.treeToValue(tree, PlatformConfiguration.class);
    } catch (UnrecognizedPropertyException e) {
      String possible =
          e.getKnownPropertyIds().stream()
              .map(Object::toString)
              .sorted()
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          String.format("there is no key %s; possible are %s", path(e), possible), e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(path(e) + ": " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step ->
            step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  private ConfigurationFile() {}
}
