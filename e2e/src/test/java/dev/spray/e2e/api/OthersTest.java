package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.pods.PodNames;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What others did before, or do, to a cluster and its pods. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class OthersTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  /** An apply alone takes away only what nobody else has written too. */
  @Test
  void aStatusThatAnotherOperatorLeftTellsNothingThatIsNotTrueAnyMore() {
    playground.apply(Manifests.cluster("c", 0));
    writeStatus(
        """
        {"status": {
          "state": "ready", "reason": "old", "readyWorkerReplicas": 3, "desiredWorkerReplicas": 3,
          "endpoints": {"client": "10001", "old": "1"},
          "head": {"podIP": "10.9.9.9", "podName": "c-head-abcde", "serviceName": "c-head-svc"},
          "conditions": [
            {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreateWorkerPod",
             "message": "old", "lastTransitionTime": "2026-01-01T00:00:00Z"},
            {"type": "Theirs", "status": "True", "reason": "Theirs", "message": "",
             "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
        """);

    playground.startOperator();

    Playground.await()
        .untilAsserted(() -> {
          var status = playground.cluster("c").getStatus();
          assertThat(status.observedGeneration()).isNotNull();
          assertThat(status.reason()).isNull();
          assertThat(status.readyWorkerReplicas()).isNull();
          assertThat(status.desiredWorkerReplicas()).isNull();
          assertThat(status.endpoints()).containsKey("client").doesNotContainKey("old");
          assertThat(status.head()).isNotNull();
          assertThat(status.head().podName()).isEqualTo("c-head");
          assertThat(status.head().podIP()).isNull();
          assertThat(status.conditions())
              .extracting(Condition::getType)
              .contains("Theirs", ConditionTypes.READY)
              .doesNotContain(ConditionTypes.REPLICA_FAILURE);
        });
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @Test
  void aHeadThatIsTakenAwayIsMissedAtOnce() {
    settled();

    edit(pod -> pod.getMetadata().setOwnerReferences(List.of()));

    awaitFailure("Pod c-head exists and belongs to somebody else");
    assertThat(playground.condition("c", ConditionTypes.READY).orElseThrow().getStatus())
        .isEqualTo("False");
  }

  /** The operator doesn't see it, and it is in the way of another one. */
  @Test
  void aHeadThatHasLostTheLabelByWhichItIsSeenIsNamed() {
    settled();
    edit(pod -> pod.getMetadata().getLabels().remove(RayLabels.NODE_TYPE));

    awaitFailure("Pod c-head has lost its label ray.io/node-type: head");

    edit(pod -> pod.getMetadata().getLabels().put(RayLabels.NODE_TYPE, "head"));
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
  }

  /** Until the garbage collector has come to it, as after {@code kubectl replace --force}. */
  @Test
  void whatIsLeftOfAnEarlierClusterOfThisNameIsWaitedFor() {
    playground.apply(
        leftBehind("Pod", "c-head", "{containers: [{name: ray, image: ray}]}")
            + leftBehind("Service", "c-head-svc", "{ports: [{port: 80}]}"));
    playground.startOperator();
    playground.apply(Manifests.cluster("c", 0));

    awaitNotReadyBecause("c-head-svc");
    playground.kubectl("", "delete", "service", "c-head-svc");
    awaitNotReadyBecause("\"c-head\" already exists");
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
    playground.kubectl("", "delete", "pod", "c-head", "--grace-period=0", "--force");

    Playground.await()
        .until(() ->
            playground.heads("c").size() == 1
                && owner(playground.heads("c").getFirst())
                    .equals(playground.cluster("c").getMetadata().getUid()));
    assertThat(playground.eventReasons()).noneMatch(reason -> reason.startsWith("FailedTo"));
  }

  /** As may happen in a namespace of many clusters with long names: suffixes are short. */
  @Test
  void aWorkerWhoseNameSomebodyElsesPodHasGetsAnotherOne() {
    playground.apply(Manifests.cluster("c", 1));
    String uid = playground.cluster("c").getMetadata().getUid();
    String name = PodNames.worker(uid, "c", "small", 0, other -> false);
    playground.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec: {containers: [{name: other, image: other}]}
        """
            .formatted(name));

    playground.startOperator();

    Playground.await().until(() -> playground.workers("c").size() == 1);
    assertThat(playground.workers("c").getFirst().getMetadata().getName()).isNotEqualTo(name);
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
  }

  /** What is refused beside the pods must not keep them. */
  @Test
  void aClusterWhoseIngressIsRefusedCanStillBeSuspended() {
    settled();
    playground.patch(
        "c",
        PatchType.JSON_MERGE,
        """
        {"spec": {"suspend": true, "headGroupSpec":
          {"enableIngress": true, "ingressOptions": {"host": "no host"}}}}
        """);

    Playground.await().until(() -> playground.pods().isEmpty());
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(playground.condition("c", ConditionTypes.STALLED).orElseThrow().getMessage())
        .contains("no host");
  }

  /** More words than a condition may hold. */
  @Test
  void aPodWithThousandsOfMistakesIsToldOf() {
    StringBuilder env = new StringBuilder("name: ray-head\n          env:\n");
    for (int i = 0; i < 500; i++) {
      env.append("          - {name: '%d =', value: x}\n".formatted(i));
    }
    playground.startOperator();

    playground.apply(Manifests.head("c").replace("name: ray-head\n", env));

    playground.awaitTrue("c", ConditionTypes.STALLED);
    assertThat(playground.condition("c", ConditionTypes.STALLED).orElseThrow().getMessage())
        .contains("env[0].name")
        .endsWith("...");
  }

  private void settled() {
    playground.startOperator();
    playground.apply(Manifests.cluster("c", 1));
    Playground.await().until(() -> playground.pods().size() == 2);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private void edit(Consumer<Pod> how) {
    var _ =
        playground
            .admin()
            .pods()
            .inNamespace(playground.namespace())
            .withName("c-head")
            .edit(pod -> {
              how.accept(pod);
              return pod;
            });
  }

  private void awaitFailure(String message) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(
                    condition -> assertThat(condition.getMessage()).contains(message)));
  }

  private void awaitNotReadyBecause(String message) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.READY))
                .hasValueSatisfying(condition -> {
                  assertThat(condition.getStatus()).isEqualTo("False");
                  assertThat(condition.getMessage()).contains(message);
                }));
  }

  /** As an operator that updates it, not applies. */
  private void writeStatus(String patch) {
    Kubectl.Result result =
        playground.kubectl(
            "",
            "patch",
            "raycluster",
            "c",
            "--subresource=status",
            "--type=merge",
            "--field-manager=manager",
            "-p",
            patch);
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static String leftBehind(String kind, String name, String spec) {
    return """
    apiVersion: v1
    kind: %s
    metadata:
      name: %s
      labels: {ray.io/cluster: c, ray.io/is-ray-node: "yes", ray.io/node-type: head}
      ownerReferences:
      - {apiVersion: ray.io/v1, kind: RayCluster, name: c, uid: of-an-earlier-one, controller: true}
    spec: %s
    ---
    """
        .formatted(kind, name, spec);
  }

  private static String owner(Pod pod) {
    return pod.getMetadata().getOwnerReferences().getFirst().getUid();
  }
}
