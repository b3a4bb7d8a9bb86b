package dev.spray.api.raycluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read and written again is what it was: nothing gets lost, and nothing comes along. */
class RoundTripTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Ends the paths of maps, and of what holds nothing but maps and texts. */
  private static final Pattern MAP =
      Pattern.compile("(Params|abels|nnotations|nodeSelector|limits|requests|metadata)$");

  /** KubeRay's samples; they lie beside the work tree and are not part of this project. */
  private static final Path GOLDEN = Fields.ROOT.resolve("../shared/golden").normalize();

  private static final Path VALID = Fields.ROOT.resolve("e2e/src/test/resources/raycluster/valid");

  static Stream<Path> valid() throws IOException {
    try (Stream<Path> files = Files.list(VALID)) {
      return files.sorted().toList().stream();
    }
  }

  static Stream<Path> golden() throws IOException {
    if (!Files.isDirectory(GOLDEN)) {
      return Stream.of(GOLDEN);
    }
    try (Stream<Path> cases = Files.list(GOLDEN)) {
      return cases.map(dir -> dir.resolve("input.yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void ofOurs(Path file) throws IOException {
    assertNothingChanges(file);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void ofKubeRays(Path file) throws IOException {
    assumeTrue(Files.exists(file), "skipped: " + file + " is absent");
    assertNothingChanges(file);
  }

  /** Without that the tests above would say little. */
  @Test
  void everyFieldOfTheSpecIsInOneOfOurs() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path file : valid().toList()) {
      for (String manifest : clusters(file)) {
        leaves(tree(manifest).get("spec"), "spec").keySet().stream()
            .map(path -> path.replaceAll("\\[\\d+]", ""))
            .forEach(used::add);
      }
    }
    List<String> unused =
        fields().stream()
            .filter(field -> used.stream().noneMatch(path -> (path + ".").startsWith(field + ".")))
            .toList();
    assertThat(unused).isEmpty();
  }

  private static void assertNothingChanges(Path file) throws IOException {
    List<String> clusters = clusters(file);
    assertThat(clusters).isNotEmpty();
    for (String manifest : clusters) {
      RayCluster read = Serialization.unmarshal(manifest, RayCluster.class);
      assertThat(read.getSpec().unreadable()).isNull();

      Map<String, String> written = leaves(JSON.valueToTree(read.getSpec()), "spec");
      // What every Service of the model says of itself.
      written.keySet().removeIf(path -> path.matches("spec.headGroupSpec.headService.(apiV|k).*"));
      assertThat(written).isEqualTo(leaves(tree(manifest).get("spec"), "spec"));
    }
  }

  private static List<String> clusters(Path file) throws IOException {
    return Stream.of(Files.readString(file).split("(?m)^---\\s*$", -1))
        .filter(document -> document.contains("kind: RayCluster"))
        .toList();
  }

  private static ObjectNode tree(String manifest) {
    return Serialization.unmarshal(manifest, ObjectNode.class);
  }

  /**
   * Every value by its path. Empty lists and maps are as good as absent ones, empty objects are
   * not; an amount is what it was written as, a number or a text.
   */
  private static Map<String, String> leaves(JsonNode node, String path) {
    Map<String, String> leaves = new TreeMap<>();
    if (node.isValueNode()) {
      if (!node.isNull()) {
        leaves.put(path, node.asText());
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        leaves.putAll(leaves(node.get(i), "%s[%d]".formatted(path, i)));
      }
    } else if (node.isEmpty() && !MAP.matcher(path).find()) {
      leaves.put(path, "{}");
    } else {
      node.properties()
          .forEach(field -> leaves.putAll(leaves(field.getValue(), path + "." + field.getKey())));
    }
    return leaves;
  }

  /** Paths of the leaves in the outline of all fields. */
  private static List<String> fields() {
    Pattern line = Pattern.compile("( *)(\\w+)!?(?:\\[\\w*])?:( .*)?");
    List<String> fields = new ArrayList<>();
    List<String> path = new ArrayList<>();
    try {
      for (String text : Fields.outline().split("\n", -1)) {
        Matcher field = line.matcher(text);
        if (!field.matches()) {
          continue;
        }
        path.subList(field.group(1).length() / 2, path.size()).clear();
        path.add(field.group(2));
        if (field.group(3) != null && path.get(0).equals("spec")) {
          fields.add(String.join(".", path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(fields).isNotEmpty();
    return fields;
  }
}
