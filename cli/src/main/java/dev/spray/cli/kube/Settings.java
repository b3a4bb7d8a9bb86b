package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a person has set once: {@code $XDG_CONFIG_HOME/sp-ray/config.yaml}, a flat map.
 *
 * @param file where it is; it need not exist
 * @param values by key
 */
public record Settings(Path file, Map<String, String> values) {
  /** All keys, and what they do. */
  public static final Map<String, String> KEYS = keys();

  /** Reads the file of this environment. */
  public static Settings read(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    String base = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
    Path file = Path.of(environment.getOrDefault("SP_RAY_CONFIG", base + "/sp-ray/config.yaml"));
    return new Settings(file, Files.exists(file) ? parse(file) : Map.of());
  }

  private static Map<String, String> parse(Path file) {
    try {
      Map<String, String> values = new TreeMap<>();
      for (JsonNode tree : Yaml.read(Files.readString(file), file.toString())) {
        tree.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
      }
      return values;
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, file + " can't be read").because(e.getMessage());
    }
  }

  /** The value of a key; null when it isn't set. */
  public String get(String key) {
    return values.get(key);
  }

  /** Writes the file with another value; null takes the key away. */
  public Settings with(String key, String value) {
    if (!KEYS.containsKey(key)) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "there is no setting " + key)
          .suggesting("one of: " + String.join(", ", KEYS.keySet()));
    }
    Map<String, String> changed = new TreeMap<>(values);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    try {
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          changed.isEmpty()
              ? List.of()
              : Serialization.asYaml(changed).lines().filter(line -> !line.equals("---")).toList());
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, file + " can't be written")
          .because(e.getMessage());
    }
    return new Settings(file, changed);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(
        "namespace", "namespace where neither -n, SP_RAY_NAMESPACE nor the kubeconfig names one");
    keys.put(
        "context",
        "context of the kubeconfig where neither --context nor SP_RAY_CONTEXT names one");
    return keys;
  }
}
