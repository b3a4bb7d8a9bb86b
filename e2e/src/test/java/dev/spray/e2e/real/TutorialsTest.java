package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The notebooks of {@code examples/tutorials}, each run from its first cell to its last on a
 * cluster of a head and two workers, whose files are not each other's. Each ends with checks of its
 * own.
 */
@Tag("real")
@Tag("tutorials")
@ExtendWith(RealTestbed.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TutorialsTest {
  private static final Path TUTORIALS = Testbed.ROOT.resolve("examples/tutorials");

  /** Each under an image that has what it needs. PyG's has PyTorch and RLlib, too. */
  private static final Map<String, List<String>> NOTEBOOKS =
      Map.of(
          "xgboost",
          List.of(
              "01-hello-cluster",
              "02-preprocess-data",
              "03-train-xgboost",
              "04-tune",
              "05-batch-inference",
              "06-serve"),
          "pyg",
          List.of("07-train-pytorch", "09-reinforcement-learning", "10-recommend-with-gnn"),
          "tensorflow",
          List.of("08-train-tensorflow"));

  private static final String MANIFEST =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: my-cluster}
      spec:
        platform:
          head: {memory: 5Gi}
          groups:
          - {groupName: one, accelerator: {type: t4}}
          - {groupName: another, accelerator: {type: a100}}
      """;

  private Playground playground;

  @BeforeAll
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.platform(Playground.SMALL);
    playground.startOperator();
    playground.apply(MANIFEST);
    playground.awaitTrue("my-cluster", ConditionTypes.READY);
  }

  @AfterAll
  void tearDown() {
    playground.close();
  }

  static List<String> notebooks() {
    return NOTEBOOKS.getOrDefault(RealTestbed.IMAGE, List.of());
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void aNotebookRunsToItsEnd(String name) throws IOException {
    String notebook = Files.readString(TUTORIALS.resolve(name + ".ipynb"));

    // The time is a cell's: a hanging one is told with its source.
    new RayHead(playground, "my-cluster")
        .bash(
            notebook,
            "cat >/tmp/%1$s.ipynb && jupyter execute --timeout=600 /tmp/%1$s.ipynb"
                .formatted(name));
  }

  @Test
  void everyNotebookIsRunOnSomeImage() throws IOException {
    try (Stream<Path> files = Files.list(TUTORIALS)) {
      assertThat(NOTEBOOKS.values().stream().flatMap(List::stream).map(name -> name + ".ipynb"))
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> file.getFileName().toString()).toList());
    }
  }
}
