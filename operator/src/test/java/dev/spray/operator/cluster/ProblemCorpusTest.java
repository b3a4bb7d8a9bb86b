package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus of manifests whose other half the API server judges: what is wrong is told, and not
 * any more when it is corrected.
 */
class ProblemCorpusTest {
  private static final Path CORPUS =
      Path.of("").toAbsolutePath().resolve("../e2e/src/test/resources/raycluster").normalize();

  private static final Path GOLDEN =
      Path.of("").toAbsolutePath().resolve("../../shared/golden").normalize();

  private static final String NOT_YET = "isn't carried out by this version of the operator";

  record Mistake(String what, String stalled, RayCluster bad, RayCluster good) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Mistake> mistakes() throws IOException {
    JsonNode base = read(CORPUS.resolve("cluster.yaml"));
    List<Mistake> mistakes = new ArrayList<>();
    for (Path file : files("invalid")) {
      for (JsonNode mistake : read(file)) {
        if (mistake.has("stalled")) {
          JsonNode bad = merged(base, mistake.get("bad"));
          mistakes.add(
              new Mistake(
                  mistake.get("what").asText(),
                  mistake.get("stalled").asText(),
                  cluster(bad.toString()),
                  cluster(merged(bad, mistake.get("good")).toString())));
        }
      }
    }
    return mistakes;
  }

  static Stream<RayCluster> valid() throws IOException {
    List<RayCluster> valid = new ArrayList<>();
    for (Path file : files("valid")) {
      for (String document : Files.readString(file).split("(?m)^---\\s*$", -1)) {
        valid.add(cluster(document));
      }
    }
    return valid.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsToldUntilItIsCorrected(Mistake mistake) {
    assertThat(ClusterProblems.of(mistake.bad()))
        .extracting(Problem::message)
        .anyMatch(message -> message.contains(mistake.stalled()));
    assertThat(withoutWhatIsNotYet(mistake.good())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aGoodManifestHasNoProblem(RayCluster cluster) {
    assertThat(withoutWhatIsNotYet(cluster)).isEmpty();
  }

  /** KubeRay's samples; they lie beside the work tree and are not part of this project. */
  static Stream<Path> kubeRays() throws IOException {
    if (!Files.isDirectory(GOLDEN)) {
      return Stream.of(GOLDEN);
    }
    try (Stream<Path> cases = Files.list(GOLDEN)) {
      return cases.map(dir -> dir.resolve("input.yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("kubeRays")
  void noSampleOfKubeRaysHasAProblem(Path file) throws IOException {
    assumeTrue(Files.exists(file), "skipped: " + file + " is absent");
    RayCluster sample = Clusters.parse(Files.readString(file), Clusters.NAMESPACE);
    assertThat(withoutWhatIsNotYet(sample)).isEmpty();
  }

  @Test
  void oneMistakeIsToldOnce() throws IOException {
    for (Mistake mistake : mistakes()) {
      assertThat(withoutWhatIsNotYet(mistake.bad()))
          .as(mistake.what())
          .extracting(Problem::message)
          .doesNotHaveDuplicates();
    }
  }

  private static List<Problem> withoutWhatIsNotYet(RayCluster cluster) {
    return ClusterProblems.of(cluster).stream()
        .filter(problem -> !problem.message().contains(NOT_YET))
        .toList();
  }

  private static RayCluster cluster(String manifest) {
    return Serialization.unmarshal(manifest, RayCluster.class);
  }

  private static List<Path> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(directory))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
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
}
