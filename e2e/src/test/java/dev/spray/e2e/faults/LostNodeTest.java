package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Nodes that are deleted under a cluster, as those of preempted machines are. */
@Tag("faults")
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class LostNodeTest {
  /** Pods of a deleted node are collected 40 s later: by then they are not of just now. */
  private static final Duration OLD_ENOUGH = Duration.ofSeconds(20);

  private final List<Node> nodes = new ArrayList<>();
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    nodes.forEach(node -> playground.admin().resource(node).delete());
    playground.close();
  }

  /** The head and one of two hosts lie on the node that goes; the other host must go with them. */
  @Test
  void whatWasOnItIsMadeAnewAndAReplicaWhole() {
    addNode("one");
    addNode("two");
    playground.apply(onNodesOfItsOwn(Manifests.multiHost("c", 1, 2)));
    playground.awaitTrue("c", ConditionTypes.READY);
    List<String> before = uids(playground.pods());
    Playground.await().until(() -> playground.pods().stream().allMatch(LostNodeTest::isOldEnough));
    addNode("three");

    String lost = playground.heads("c").getFirst().getSpec().getNodeName();
    playground.admin().nodes().withName(lost).delete();

    Playground.await()
        .untilAsserted(() ->
            assertThat(uids(playground.pods())).hasSize(3).doesNotContainAnyElementsOf(before));
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(playground.heads("c")).hasSize(1);
    assertThat(playground.workers("c")).hasSize(2);
  }

  private String onNodesOfItsOwn(String manifest) {
    return manifest
        .replace(
            "      spec:\n",
            "      spec:\n        nodeSelector: {pool: %s}\n".formatted(playground.namespace()))
        .replace(
            "        containers:\n        - name: ray-worker\n",
            """
                    affinity:
                      podAntiAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                        - topologyKey: kubernetes.io/hostname
                          labelSelector: {matchLabels: {ray.io/node-type: worker}}
                    containers:
                    - name: ray-worker
            """);
  }

  private void addNode(String name) {
    Node like = playground.admin().nodes().list().getItems().getFirst();
    String fullName = playground.namespace() + "-" + name;
    nodes.add(
        playground
            .admin()
            .resource(
                new NodeBuilder(like)
                    .withNewMetadata()
                    .withName(fullName)
                    .addToAnnotations("kwok.x-k8s.io/node", "fake")
                    .addToLabels("pool", playground.namespace())
                    .addToLabels("kubernetes.io/hostname", fullName)
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build())
            .create());
  }

  private static boolean isOldEnough(Pod pod) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp())
        .isBefore(Instant.now().minus(OLD_ENOUGH));
  }

  private static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
  }
}
