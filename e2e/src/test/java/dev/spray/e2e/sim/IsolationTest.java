package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Isolation;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No two Ray pods share a node, however a platform sees to that, and while it changes its ways. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class IsolationTest {
  private static final Path GKE =
      Testbed.ROOT.resolve("helm/sp-ray-operator/files/platform/gke.yaml");
  private static final String BY_PORT = "HostPort\n  hostPort: 10003";

  @TempDir Path dir;
  private Playground one;
  private Playground other;

  @BeforeEach
  void setUp(Testbed testbed) {
    one = new Playground(testbed);
    other = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    one.close();
    other.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AntiAffinity", BY_PORT, "Size"})
  void noNodeHasTwoRayPodsOfTwoNamespaces(String mode) throws IOException {
    // Where nothing else keeps them apart, they are as large as they are by default.
    String size = mode.equals("Size") ? "" : ", cpu: 1, memory: 1Gi";
    for (Playground team : List.of(one, other)) {
      start(team, mode);
      team.apply(cluster("c", 6, size));
    }

    // There are more pods than nodes: each node gets one, and the rest waits.
    int nodes = openNodes();
    Playground.await()
        .untilAsserted(() -> {
          assertThat(pods()).hasSize(14);
          assertThat(placed()).hasSize(nodes).doesNotHaveDuplicates();
        });
  }

  @Test
  void anotherModeReplacesNoPodAndHoldsBesideTheFormer() throws IOException {
    RayOperator first = start(one, "AntiAffinity");
    one.apply(cluster("a", 3, ", cpu: 1, memory: 1Gi"));
    one.awaitTrue("a", ConditionTypes.READY);
    List<String> before = uids("a");
    first.close();

    start(one, BY_PORT);
    one.apply(cluster("b", 1, ", cpu: 1, memory: 1Gi"));
    one.apply(cluster("a", 5, ", cpu: 1, memory: 1Gi"));
    Playground.await().until(() -> uids("a").size() == 6);
    one.awaitTrue("a", ConditionTypes.READY);
    one.awaitTrue("b", ConditionTypes.READY);

    assertThat(uids("a")).as("it is recreated on change").containsAll(before);
    assertThat(one.condition("a", ConditionTypes.UPDATE_PENDING)).isEmpty();
    assertThat(placed()).hasSize(8).doesNotHaveDuplicates();
    assertThat(one.pods().stream().filter(IsolationTest::takesAPort)).hasSize(4);
    assertThat(one.cluster("b").getStatus().endpoints()).containsKey("dashboard");
  }

  private RayOperator start(Playground team, String mode) throws IOException {
    Path platform = Files.createTempFile(dir, "platform", ".yaml");
    Files.writeString(
        platform,
        Files.readString(GKE)
            .replace("isolatedBy: AntiAffinity", "isolatedBy: " + mode)
            .replace("podSecurity: Restricted", "podSecurity: Unrestricted"));
    team.platform(platform);
    return team.startOperator();
  }

  private static String cluster(String name, int workers, String size) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata: {name: %s}
    spec:
      upgradeStrategy: {type: Recreate}
      platform:
        head: {%s}
        groups:
        - {groupName: w, replicas: %d%s}
    """
        .formatted(name, size.replaceFirst("^, ", ""), workers, size);
  }

  /** Those that a pod without accelerators may lie on. */
  private int openNodes() {
    return (int)
        one.admin().nodes().list().getItems().stream()
            .map(Node::getSpec)
            .filter(node -> node.getTaints().isEmpty())
            .count();
  }

  private List<Pod> pods() {
    return Stream.of(one, other).flatMap(team -> team.pods().stream()).toList();
  }

  private List<String> placed() {
    return pods().stream()
        .map(pod -> pod.getSpec().getNodeName())
        .filter(node -> node != null)
        .toList();
  }

  private List<String> uids(String cluster) {
    return Stream.of(one.heads(cluster), one.workers(cluster))
        .flatMap(List::stream)
        .map(pod -> pod.getMetadata().getUid())
        .toList();
  }

  private static boolean takesAPort(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getPorts().stream()
        .anyMatch(port -> Isolation.PORT.equals(port.getName()));
  }
}
