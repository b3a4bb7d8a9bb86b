package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field of a RayCluster's spec does something: {@code own-fields.yaml} says what. A field
 * that is new to the API fails here until it is there, too.
 */
class OwnFieldsTest {
  private static final Path EFFECTS = Path.of("src/test/resources/own-fields.yaml");
  private static final Path OUTLINE = Path.of("../api/src/test/resources/raycluster-fields.txt");
  private static final Path TESTS = Path.of("..");

  /** What {@link ProblemCorpusTest} reads. */
  private static final Path CORPUS = Path.of("../e2e/src/test/resources/raycluster");

  private static final Pattern LINE =
      Pattern.compile("(?<indent> *)(?<name>\\w+)(\\[\\w*])?!?:(?<type>.*)");

  /**
   * What a change of a field does.
   *
   * @param given other fields that it needs
   * @param value what it is set to
   * @param effect what is to be found in what the operator does then, and not before
   * @param elsewhere the test that shows it, where it is not in objects and status
   */
  record Effect(
      String field,
      Map<String, JsonNode> given,
      Optional<JsonNode> value,
      String effect,
      Optional<String> elsewhere) {
    @Override
    public String toString() {
      return field;
    }
  }

  private static List<Effect> effects() throws IOException {
    JsonNode all = Serialization.unmarshal(Files.readString(EFFECTS), JsonNode.class);
    return all.properties().stream()
        .map(entry -> effect(entry.getKey(), entry.getValue()))
        .toList();
  }

  static Stream<Effect> seenHere() throws IOException {
    return effects().stream().filter(effect -> effect.elsewhere().isEmpty());
  }

  static Stream<Effect> seenElsewhere() throws IOException {
    return effects().stream().filter(effect -> effect.elsewhere().isPresent());
  }

  private static Effect effect(String field, JsonNode row) {
    Map<String, JsonNode> given =
        row.path("given").properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return new Effect(
        field,
        given,
        Optional.ofNullable(row.get("value")),
        row.path("effect").asText(),
        Optional.ofNullable(row.get("elsewhere")).map(JsonNode::asText));
  }

  @ParameterizedTest
  @MethodSource("seenHere")
  void isSeenInWhatTheOperatorDoes(Effect effect) {
    ObjectNode without = base();
    effect.given().forEach((field, value) -> set(without, field, value));
    ObjectNode with = without.deepCopy();
    set(with, effect.field(), effect.value().orElseThrow());

    assertThat(whatIsDone(without, without)).doesNotContain(effect.effect());
    assertThat(whatIsDone(without, with)).contains(effect.effect());
  }

  @ParameterizedTest
  @MethodSource("seenElsewhere")
  void hasATestOfItsOwn(Effect effect) throws IOException {
    String test = effect.elsewhere().orElseThrow();
    String name = effect.field().substring(effect.field().lastIndexOf('.') + 1);
    boolean ofCorpus = test.equals("ProblemCorpusTest");
    String end = ofCorpus ? ".yaml" : test + ".java";
    try (Stream<Path> files =
        Files.find(
            ofCorpus ? CORPUS : TESTS,
            20,
            (path, attributes) -> attributes.isRegularFile() && path.toString().endsWith(end))) {
      assertThat(files.toList())
          .as("tests called %s, of which one sets %s", test, name)
          .anySatisfy(file -> assertThat(Files.readString(file)).contains(name));
    }
  }

  @Test
  void noneIsForgotten() throws IOException {
    Set<String> covered =
        effects().stream().map(Effect::field).collect(Collectors.toCollection(TreeSet::new));

    assertThat(covered).isEqualTo(ofTheSpec());
  }

  /** What happens to a new cluster, and to one that is there already when it is changed. */
  private static String whatIsDone(ObjectNode before, ObjectNode after) {
    RayCluster old = cluster(before);
    World settled = World.settled(old);
    String worker = settled.workers("small").stream().findFirst().orElse("none");
    RayCluster changed = cluster(after.toString().replace("WORKER", worker));
    return told(changed) + done(new World(), cluster(after)) + done(settled, changed);
  }

  private static String told(RayCluster cluster) {
    return Serialization.asJson(
        ClusterProblems.of(cluster).stream().map(Problem::message).toList());
  }

  private static String done(World world, RayCluster cluster) {
    if (!ClusterProblems.of(cluster).isEmpty()) {
      return "";
    }
    String actions =
        world.pass(cluster).actions().stream()
            .map(OwnFieldsTest::described)
            .collect(Collectors.joining());
    return actions + Serialization.asJson(cluster.getStatus());
  }

  private static String described(Action action) {
    return switch (action) {
      case Action.Apply apply -> Serialization.asJson(apply.desired());
      case Action.CreatePod create -> Serialization.asJson(create.pod());
      case Action.MakeSecret make -> Serialization.asJson(make.secret());
      default -> action.toString();
    };
  }

  private static ObjectNode base() {
    RayCluster cluster = Clusters.named("demo").group("small", 2).build();
    return Serialization.unmarshal(Serialization.asJson(cluster), ObjectNode.class);
  }

  private static RayCluster cluster(JsonNode node) {
    return cluster(node.toString());
  }

  private static RayCluster cluster(String json) {
    return Serialization.unmarshal(json, RayCluster.class);
  }

  /** Sets a field; of a list, its first entry's. */
  private static void set(ObjectNode cluster, String field, JsonNode value) {
    Deque<String> names = new ArrayDeque<>(List.of(field.split("\\.", -1)));
    String last = names.removeLast();
    ObjectNode owner = cluster;
    for (String name : names) {
      if (owner.path(name) instanceof ArrayNode list && !list.isEmpty()) {
        owner = (ObjectNode) list.get(0);
      } else if (owner.path(name) instanceof ObjectNode object) {
        owner = object;
      } else {
        owner = owner.putObject(name);
      }
    }
    owner.set(last, value);
  }

  /** Paths of the outline's lines below spec that have a type. */
  private static Set<String> ofTheSpec() throws IOException {
    Set<String> fields = new TreeSet<>();
    Deque<String> path = new ArrayDeque<>();
    for (String line : Files.readAllLines(OUTLINE)) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalStateException("not a line of an outline: " + line);
      }
      int depth = matcher.group("indent").length() / 2;
      while (path.size() > depth) {
        path.removeLast();
      }
      path.addLast(matcher.group("name"));
      if (!matcher.group("type").isBlank() && path.getFirst().equals("spec")) {
        fields.add(String.join(".", path));
      }
    }
    return fields;
  }
}
