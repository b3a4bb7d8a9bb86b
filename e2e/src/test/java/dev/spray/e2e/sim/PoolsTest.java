package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two hundred workers of six clusters in three namespaces, on three hundred nodes. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class PoolsTest {
  private static final String ACCELERATOR = "cloud.google.com/gke-accelerator";
  private static final String STREAMING = "cloud.google.com/gke-image-streaming";
  private static final String REQUIRED = "placement: {imageStreaming: Required}";

  private final List<Playground> teams = new ArrayList<>();
  private Testbed testbed;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    testbed.pools(150, 100, 50);
    for (int i = 0; i < 3; i++) {
      Playground team = new Playground(testbed);
      teams.add(team);
      team.startOperator();
    }
  }

  @AfterEach
  void tearDown() {
    try {
      teams.forEach(Playground::close);
    } finally {
      SimTestbed.restorePools(testbed);
    }
  }

  @Test
  void everyPodHasANodeOfItsOwnOfTheRightKind() {
    // Those that must stream first: who only prefers it would take their nodes.
    make(0, cluster("cpu-streamed", REQUIRED, group("cpu", 30, "")));
    make(1, cluster("t4-streamed", REQUIRED, group("t4", 25, "t4")));
    awaitReady(0, "cpu-streamed");
    awaitReady(1, "t4-streamed");
    make(0, cluster("cpu", "", group("cpu", 45, "")));
    make(1, cluster("t4", "", group("t4", 40, "t4")));
    make(2, cluster("a100", "placement: {imageStreaming: \"Off\"}", group("a100", 30, "a100")));
    make(2, cluster("both", "", group("t4", 15, "t4") + group("a100", 15, "a100")));
    awaitReady(0, "cpu");
    awaitReady(1, "t4");
    awaitReady(2, "a100");
    awaitReady(2, "both");

    Map<String, Map<String, String>> nodes = labelsOfNodes();
    List<Pod> pods = teams.stream().flatMap(team -> team.pods().stream()).toList();
    assertThat(pods).hasSize(206);
    assertThat(pods).extracting(pod -> pod.getSpec().getNodeName()).doesNotHaveDuplicates();
    assertThat(pods)
        .allSatisfy(pod -> {
          Map<String, String> node = nodes.get(pod.getSpec().getNodeName());
          assertThat(Optional.ofNullable(node.get(ACCELERATOR))).isEqualTo(accelerator(pod));
          if (cluster(pod).endsWith("-streamed")) {
            assertThat(node).containsEntry(STREAMING, "true");
          }
        });

    whoFindsNoNodeWaitsAndSaysWhatIsMissing();
  }

  /** Five nodes with an A100 are free. */
  private void whoFindsNoNodeWaitsAndSaysWhatIsMissing() {
    make(0, cluster("late", "", group("a100", 8, "a100")));

    Playground team = teams.getFirst();
    Playground.await()
        .untilAsserted(() -> {
          assertThat(team.workers("late")).hasSize(8);
          assertThat(team.workers("late").stream().filter(pod -> node(pod) != null)).hasSize(5);
          assertThat(team.condition("late", ConditionTypes.READY))
              .hasValueSatisfying(ready -> {
                assertThat(ready.getStatus()).isEqualTo("False");
                assertThat(ready.getMessage()).contains("Insufficient nvidia.com/gpu");
              });
        });
  }

  private void make(int team, String manifest) {
    teams.get(team).apply(manifest);
  }

  private void awaitReady(int team, String cluster) {
    teams.get(team).awaitTrue(cluster, ConditionTypes.READY);
  }

  /** Small enough for any number of them to share a node, were it not forbidden. */
  private static String cluster(String name, String placement, String groups) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata: {name: %s}
    spec:
      platform:
        %s
        head: {cpu: 1, memory: 1Gi}
        groups:
    """
            .formatted(name, placement)
        + groups;
  }

  private static String group(String name, int replicas, String accelerator) {
    String asked = accelerator.isEmpty() ? "" : ", accelerator: {type: " + accelerator + "}";
    return "    - {groupName: %s, replicas: %d, cpu: 1, memory: 1Gi%s}\n"
        .formatted(name, replicas, asked);
  }

  private Map<String, Map<String, String>> labelsOfNodes() {
    return teams.getFirst().admin().nodes().list().getItems().stream()
        .map(node -> node.getMetadata())
        .collect(Collectors.toMap(node -> node.getName(), node -> node.getLabels()));
  }

  private static String node(Pod pod) {
    return pod.getSpec().getNodeName();
  }

  private static String cluster(Pod pod) {
    return pod.getMetadata().getLabels().get(RayLabels.CLUSTER);
  }

  /** What its group is called after; heads and the group without have none. */
  private static Optional<String> accelerator(Pod pod) {
    return Optional.ofNullable(
        Map.of("t4", "nvidia-tesla-t4", "a100", "nvidia-tesla-a100")
            .get(pod.getMetadata().getLabels().get(RayLabels.GROUP)));
  }
}
