package dev.spray.api.raycluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The fields that users and other programs know. */
class FieldsTest {
  private static final Path OURS = Path.of("src/test/resources/raycluster-fields.txt");

  /** KubeRay's; it lies beside the work tree and is not part of this project. */
  private static final Path KUBERAYS =
      Fields.ROOT.resolve("../shared/kuberay-raycluster-fields.tsv").normalize();

  /** Where the schema is meant to differ from KubeRay's: field and attribute, and why. */
  private static final List<Difference> DIFFERENCES =
      List.of(
          new Difference("\\.spec required", "without one nothing can be carried out"),
          new Difference("\\.spec\\.headGroupSpec required", "spec.platform may stand for it"),
          new Difference(
              "\\.spec\\.workerGroupSpecs x-kubernetes-list-(type|map-keys)",
              "groups of one name would fight over their pods; several clients may apply parts"),
          new Difference(
              "\\.spec\\.workerGroupSpecs maxItems", "bounds what rules over groups may cost"),
          new Difference(
              "\\.spec\\.workerGroupSpecs\\[]\\.groupName (pattern|minLength|maxLength)",
              "it becomes part of pods' names and a label's value"),
          new Difference(
              "\\.spec\\.workerGroupSpecs\\[]\\.(min|max)?[rR]eplicas m(in|ax)imum",
              "there are no negative numbers of pods"),
          new Difference(
              "\\.spec\\.workerGroupSpecs\\[]\\.numOfHosts m(in|ax)imum",
              "a replica has a pod at least"),
          new Difference(".*idleTimeoutSeconds m(in|ax)imum", "time doesn't run backwards"),
          new Difference(
              ".* m(in|ax)imum", "what no client with typed numbers could read must not be stored"),
          new Difference(".*(size|desired\\w+) pattern", "1e99999999 would fill the memory"),
          new Difference(
              "\\.status\\.conditions\\[]\\.\\w+ (min|max)Length",
              "Kubernetes' own; the list doesn't tell lengths"),
          new Difference(
              "\\.spec\\.upgradeStrategy\\.type enum", "pods can also be replaced one by one"),
          new Difference(
              ".*(imagePullPolicy|serviceType) enum", "no pod or service could be made of others"));

  private record Difference(Pattern what, String why) {
    Difference(String what, String why) {
      this(Pattern.compile(what), why);
    }
  }

  @Test
  void ofTypesAndCrdAreTheOnesOfTheList() throws IOException {
    String outline = Fields.outline();
    if (Boolean.getBoolean("fields.write")) {
      Files.writeString(OURS, outline);
    }
    assertThat(outline)
        .as("a change of the API: write it into " + OURS + " too, or -Dfields.write=true does")
        .isEqualTo(Files.readString(OURS));
  }

  @Test
  void areKubeRaysButForWhatIsMeantToDiffer() throws IOException {
    assumeTrue(Files.exists(KUBERAYS), "skipped: " + KUBERAYS + " is absent");
    JsonNode schema = Fields.schema();
    Set<String> found = new TreeSet<>();
    for (String line : Files.readAllLines(KUBERAYS)) {
      if (line.startsWith(".")) {
        compare(line.split("\t", -1), schema, found);
      }
    }
    Set<Difference> seen = new HashSet<>();
    List<String> unexplained = new ArrayList<>();
    for (String difference : found) {
      DIFFERENCES.stream()
          .filter(d -> d.what().matcher(difference).matches())
          .findFirst()
          .ifPresentOrElse(seen::add, () -> unexplained.add(difference));
    }
    assertThat(unexplained).isEmpty();
    assertThat(seen).as("differences that are none any more").containsAll(DIFFERENCES);
  }

  private static void compare(String[] row, JsonNode schema, Set<String> found) {
    String path = row[0];
    boolean embedded = row[3].startsWith("(");
    String owner = path.substring(0, path.lastIndexOf('.'));
    JsonNode field = at(schema, path);
    if (field.isMissingNode()) {
      found.add(path + " is missing");
      return;
    }
    if (!field.path("type").asText("-").equals(row[1])) {
      found.add(path + " type");
    }
    boolean required =
        at(schema, owner)
            .path("required")
            .valueStream()
            .anyMatch(name -> path.equals(owner + "." + name.asText()));
    if (required == row[2].isEmpty()) {
      found.add(path + " required");
    }
    JsonNode theirs =
        embedded || row[3].isEmpty()
            ? JsonNodeFactory.instance.objectNode()
            : Serialization.unmarshal(row[3], JsonNode.class);
    ObjectNode ours = ((ObjectNode) field).deepCopy();
    Set<String> attributes = new TreeSet<>();
    ours.fieldNames().forEachRemaining(attributes::add);
    theirs.fieldNames().forEachRemaining(attributes::add);
    // What is inside is compared by itself, or Kubernetes'; rules are compared below.
    attributes.removeAll(
        Set.of(
            "type",
            "anyOf",
            "properties",
            "items",
            "additionalProperties",
            "required",
            "nullable",
            "x-kubernetes-map-type",
            "x-kubernetes-validations"));
    for (String attribute : attributes) {
      if (!embedded && !theirs.path(attribute).equals(ours.path(attribute))) {
        found.add(path + " " + attribute);
      }
    }
    for (JsonNode rule : theirs.path("x-kubernetes-validations")) {
      if (!ours.path("x-kubernetes-validations")
          .findValuesAsText("rule")
          .contains(rule.get("rule").asText())) {
        found.add(path + " rule " + rule.get("rule"));
      }
    }
  }

  private static JsonNode at(JsonNode schema, String path) {
    JsonNode node = schema;
    for (String step : path.isEmpty() ? new String[0] : path.substring(1).split("\\.")) {
      node = node.at("/properties/" + step.replace("[]", "/items"));
    }
    return node;
  }

  @Test
  void printerColumnsAreKubeRays() throws IOException {
    assumeTrue(Files.exists(KUBERAYS), "skipped: " + KUBERAYS + " is absent");
    String start = "# printer columns: ";
    String columns =
        Files.readAllLines(KUBERAYS).stream()
            .filter(line -> line.startsWith(start))
            .findFirst()
            .orElseThrow()
            .substring(start.length());
    assertThat(columns(Fields.version().get("additionalPrinterColumns")))
        .isEqualTo(columns(Serialization.unmarshal(columns, JsonNode.class)));
  }

  private static List<Map<String, String>> columns(JsonNode columns) {
    return columns
        .valueStream()
        .map(column ->
            Map.of(
                "name", column.get("name").asText(),
                "type", column.get("type").asText(),
                "jsonPath", column.get("jsonPath").asText(),
                "priority", column.path("priority").asText("0")))
        .toList();
  }
}
