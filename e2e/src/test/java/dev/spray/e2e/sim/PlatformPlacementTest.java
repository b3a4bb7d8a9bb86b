package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Isolation;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where the pods of short and plain manifests lie, by a real scheduler over simulated pools. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class PlatformPlacementTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theSeedsClusterLiesOnTheRightNodes() throws IOException {
    playground.startOperator();
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster-platform.yaml")));
    playground.awaitTrue("my-cluster", ConditionTypes.READY);

    assertThat(node(playground.workers("my-cluster").getFirst())).contains("-t4-");
    assertThat(node(playground.heads("my-cluster").getFirst())).contains("-cpu-");
    var told = playground.cluster("my-cluster").getStatus().platform();
    assertThat(told.groups())
        .extracting(g ->
            "%s %s %s %s".formatted(g.cpu(), g.memory(), g.acceleratorCount(), g.accelerator()))
        .containsExactly("15 48Gi 1 t4");
  }

  @Test
  void noNodeHasTwoRayPodsAndWhoFindsNoneSaysWhy() {
    playground.startOperator();
    for (String name : List.of("a", "b")) {
      playground.apply(small(name));
    }

    // Small enough for any number of them to share a node, and more than there are nodes.
    Playground.await()
        .untilAsserted(() -> {
          List<String> nodes = playground.pods().stream().map(PlatformPlacementTest::node).toList();
          List<String> placed = nodes.stream().filter(node -> !node.isEmpty()).toList();
          assertThat(nodes).hasSize(14);
          assertThat(placed).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        });
    Playground.await()
        .untilAsserted(() ->
            assertThat(
                    List.of("a", "b").stream()
                        .map(name -> playground.condition(name, ConditionTypes.READY))
                        .map(ready -> ready.map(Condition::getMessage).orElse(""))
                        .toList())
                .anyMatch(message -> message.contains("anti-affinity rules")));
  }

  @Test
  void aPlainManifestIsAddedToUnderTheProfileForGkeOnly() throws IOException {
    String plain =
        Files.readString(Testbed.ROOT.resolve("examples/raycluster-gpu.yaml"))
            .replaceAll("(?m)^ +tolerations:\n( +- key:.*\n)( +operator:.*\n)( +effect:.*\n)", "");
    assertThat(plain).doesNotContain("tolera");
    RayOperator asKubeRay = playground.startOperator();
    playground.apply(plain);
    Playground.await().until(() -> playground.workers("hello-gpu").size() == 1);
    Pod left = playground.workers("hello-gpu").getFirst();
    assertThat(left.getSpec().getTolerations())
        .extracting(Toleration::getKey)
        .doesNotContain("nvidia.com/gpu");
    assertThat(left.getSpec().getAffinity()).isNull();
    asKubeRay.close();

    playground.decoratePlain();
    playground.startOperator();
    playground.apply(plain.replace("hello-gpu", "added"));
    playground.awaitTrue("added", ConditionTypes.READY);

    Pod worker = playground.workers("added").getFirst();
    assertThat(node(worker)).contains("-t4-");
    assertThat(
            worker
                .getSpec()
                .getAffinity()
                .getPodAntiAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution())
        .containsExactly(Isolation.otherRayPods());
    assertThat(worker.getSpec().getAffinity().getNodeAffinity()).isNotNull();
    assertThat(worker.getSpec().getTolerations())
        .extracting(Toleration::getKey)
        .contains("nvidia.com/gpu");
  }

  private static String small(String name) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata: {name: %s}
    spec:
      platform:
        head: {cpu: 1, memory: 1Gi}
        groups:
        - {groupName: w, replicas: 6, cpu: 1, memory: 1Gi}
    """
        .formatted(name);
  }

  private static String node(Pod pod) {
    String node = pod.getSpec().getNodeName();
    return node == null ? "" : node;
  }
}
