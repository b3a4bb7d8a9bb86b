package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is lost comes back, and Ray itself counts it. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class RecoveryTest {
  private Testbed testbed;
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aHeadThatIsLostComesBackAndItsWorkersJoinIt() throws IOException {
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml")));
    playground.awaitTrue("hello", ConditionTypes.READY);
    Set<String> before = rayNodes("hello");
    Pod lost = playground.heads("hello").getFirst();

    playground.admin().resource(lost).withGracePeriod(0).delete();

    awaitOthers(() -> playground.heads("hello"), lost);
    awaitRecovery("hello", nodes -> nodes.stream().noneMatch(before::contains));
  }

  @Test
  void aWorkerWhoseRayIsKilledComesBack() throws IOException {
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml")));
    playground.awaitTrue("hello", ConditionTypes.READY);
    Set<String> before = rayNodes("hello");
    String worker = playground.workers("hello").getFirst().getMetadata().getName();

    Kubectl.Result kill = playground.kubectl("", "exec", worker, "--", "pkill", "-KILL", "raylet");

    assertThat(kill.exitCode()).as(kill.output()).isZero();
    awaitRecovery("hello", nodes -> !nodes.equals(before));
  }

  @Test
  void aWorkerThatIsLostIsReplaced() throws IOException {
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml")));
    playground.awaitTrue("hello", ConditionTypes.READY);
    Set<String> before = rayNodes("hello");
    Pod lost = playground.workers("hello").getFirst();

    playground.admin().resource(lost).withGracePeriod(0).delete();

    awaitOthers(() -> playground.workers("hello"), lost);
    awaitRecovery("hello", nodes -> !nodes.equals(before));
  }

  /**
   * The machine under all pods fails for good. Kubernetes evicts them, but nobody is left to end
   * them: the worker is replaced at once, the head only when its node is no more, as it might still
   * run.
   */
  @Test
  void aClusterWhoseNodeIsGoneMovesToAnother() {
    playground.apply(OUTLIVES_ITS_NODE);
    playground.awaitTrue("moving", ConditionTypes.READY);
    Set<String> before = rayNodes("moving");
    Pod head = playground.heads("moving").getFirst();
    Pod worker = playground.workers("moving").getFirst();
    assertThat(List.of(head, worker))
        .allSatisfy(pod -> assertThat(pod.getSpec().getNodeName()).isEqualTo("t4"));

    testbed.stop("node-t4");
    try {
      var _ = playground.kubectl("", "taint", "node", "t4", "example.com/failed:NoExecute");
      awaitOthers(() -> playground.workers("moving"), worker);
      Playground.await().until(() -> head().getMetadata().getDeletionTimestamp() != null);
      assertThat(head().getMetadata().getUid()).isEqualTo(head.getMetadata().getUid());

      playground.admin().nodes().withName("t4").delete();
      awaitOthers(() -> playground.heads("moving"), head);
      awaitRecovery("moving", nodes -> nodes.stream().noneMatch(before::contains));
      assertThat(playground.eventNotes()).anyMatch(note -> note.contains("its node t4 is gone"));
    } finally {
      playground.admin().nodes().withName("t4").delete();
      testbed.start("node-t4");
    }
  }

  private static final String OUTLIVES_ITS_NODE =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata:
        name: moving
      spec:
        rayVersion: 2.60.0
        headGroupSpec:
          rayStartParams: {num-cpus: "0"}
          template:
            spec: &pod
              terminationGracePeriodSeconds: 1
              tolerations:
              - {key: nvidia.com/gpu, operator: Exists}
              affinity:
                nodeAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    preference:
                      matchExpressions:
                      - {key: cloud.google.com/gke-nodepool, operator: In, values: [t4]}
              containers:
              - name: ray
                image: rayproject/ray:2.60.0
                resources:
                  requests: {cpu: 500m, memory: 2Gi}
                  limits: {memory: 2Gi}
        workerGroupSpecs:
        - groupName: small
          replicas: 1
          minReplicas: 0
          maxReplicas: 1
          rayStartParams: {}
          template:
            spec: *pod
      """;

  private static void awaitOthers(Supplier<List<Pod>> pods, Pod lost) {
    Playground.await()
        .until(() ->
            pods.get().stream()
                .anyMatch(pod -> !pod.getMetadata().getUid().equals(lost.getMetadata().getUid())));
  }

  private Pod head() {
    return playground.heads("moving").getFirst();
  }

  private Set<String> rayNodes(String cluster) {
    RayHead head = new RayHead(playground, cluster);
    return RayHead.await().until(head::nodes, nodes -> nodes.size() == 2);
  }

  /** Waits until Ray has a head and a worker again, and the operator says so. */
  private void awaitRecovery(String cluster, Predicate<Set<String>> recovered) {
    RayHead head = new RayHead(playground, cluster);
    RayHead.await().until(head::nodes, nodes -> nodes.size() == 2 && recovered.test(nodes));
    playground.awaitTrue(cluster, ConditionTypes.READY);
  }
}
