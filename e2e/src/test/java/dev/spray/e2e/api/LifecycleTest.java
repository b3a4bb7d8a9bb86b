package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster's life on a real API server; the test plays the kubelet. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class LifecycleTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aClusterBecomesReadyAndSaysSo() {
    settled(2);

    var status = playground.cluster("c").getStatus();
    assertThat(status.state()).isEqualTo("ready");
    assertThat(status.readyWorkerReplicas()).isEqualTo(2);
    assertThat(status.desiredWorkerReplicas()).isEqualTo(2);
    assertThat(status.desiredCPU().toString()).isEqualTo("3");
    assertThat(status.desiredMemory().toString()).isEqualTo("4Gi");
    assertThat(status.head().podName()).isEqualTo("c-head");
    assertThat(status.head().serviceName()).isEqualTo("c-head-svc");
    assertThat(status.head().serviceIP()).isEqualTo("10.0.0.1");
    assertThat(status.endpoints()).containsEntry("dashboard", "8265");
    assertThat(playground.condition("c", ConditionTypes.HEAD_POD_READY).orElseThrow().getReason())
        .isEqualTo("HeadPodRunningAndReady");
    assertThat(playground.condition("c", ConditionTypes.PROVISIONED).orElseThrow().getStatus())
        .isEqualTo("True");
  }

  @Test
  void aGroupGrowsAndShrinks() {
    settled(1);
    playground.apply(Manifests.cluster("c", 5));
    Playground.await().until(() -> playground.workers("c").size() == 5);
    assertThat(playground.workers("c"))
        .extracting(pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX))
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4");

    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
    playground.apply(Manifests.cluster("c", 1));
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.workers("c"))
                .extracting(pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX))
                .containsExactly("0"));
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @Test
  void aGroupThatIsRemovedLosesItsPodsAndOnlyThose() {
    playground.apply(Manifests.cluster("c", 1) + Manifests.group("large", 2));
    Playground.await().until(() -> playground.workers("c").size() == 3);

    playground.apply(Manifests.cluster("c", 1));

    Playground.await().until(() -> playground.workers("c").size() == 1);
    assertThat(playground.workers("c").getFirst().getMetadata().getLabels())
        .containsEntry(RayLabels.GROUP, "small");
    awaitEvent("has no group large any more");
  }

  @Test
  void namedWorkersGoAndTheirNamesAreNotGivenAgain() {
    settled(3);
    Pod named = playground.workers("c").get(1);
    String name = named.getMetadata().getName();

    playground.apply(
        Manifests.cluster("c", 3)
            .replace(
                "replicas: 3\n",
                "replicas: 3\n    scaleStrategy: {workersToDelete: [%s]}\n".formatted(name)));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.workers("c"))
                .hasSize(3)
                .extracting(pod -> pod.getMetadata().getName())
                .doesNotContain(name));
  }

  @Test
  void aLostHeadIsReplacedAndTheStatusSaysSoMeanwhile() {
    settled(1);
    String lost = playground.heads("c").getFirst().getMetadata().getUid();

    playground.makeFailed(playground.heads("c").getFirst());

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.heads("c"))
                .hasSize(1)
                .noneMatch(pod -> pod.getMetadata().getUid().equals(lost)));
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.READY).orElseThrow().getStatus())
                .isEqualTo("False"));
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("ready");
    awaitEvent("phase is Failed (Evicted)");
    playground.heads("c").forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @Test
  void anEditedServiceIsRepaired() {
    settled(1);
    playground
        .admin()
        .services()
        .inNamespace(playground.namespace())
        .withName("c-head-svc")
        .edit(service -> {
          service.getSpec().getSelector().put("app", "other");
          return service;
        });

    Playground.await()
        .untilAsserted(() -> {
          var service =
              playground
                  .admin()
                  .services()
                  .inNamespace(playground.namespace())
                  .withName("c-head-svc")
                  .get();
          assertThat(service.getSpec().getSelector()).doesNotContainKey("app");
        });
  }

  @Test
  void somebodyElsesServiceIsLeftAloneAndNamed() {
    playground.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: c-head-svc}
        spec: {ports: [{port: 80}], selector: {app: mine}}
        """);
    playground.apply(Manifests.cluster("c", 0));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(condition ->
                    assertThat(condition.getMessage())
                        .contains("Service c-head-svc exists and belongs to somebody else")));
    var service =
        playground
            .admin()
            .services()
            .inNamespace(playground.namespace())
            .withName("c-head-svc")
            .get();
    assertThat(service.getSpec().getSelector()).containsOnlyKeys("app");

    playground.admin().resource(service).delete();
    Playground.await().until(() -> playground.heads("c").size() == 1);
  }

  @Test
  void aQuotaThatSaysNoIsToldAndWaitedFor() {
    playground.apply(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: few}
        spec: {hard: {pods: "2"}}
        status: {hard: {pods: "2"}, used: {pods: "0"}}
        """);
    playground
        .admin()
        .resourceQuotas()
        .inNamespace(playground.namespace())
        .withName("few")
        .editStatus(quota -> {
          // The controller that does this is not part of this testbed.
          quota.setStatus(
              new ResourceQuotaStatusBuilder()
                  .addToHard("pods", new Quantity("2"))
                  .addToUsed("pods", new Quantity("0"))
                  .build());
          return quota;
        });
    playground.apply(Manifests.cluster("c", 4));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(
                    condition -> assertThat(condition.getMessage()).contains("exceeded quota")));
    assertThat(playground.condition("c", ConditionTypes.STALLED).orElseThrow().getStatus())
        .isEqualTo("False");

    playground
        .admin()
        .resourceQuotas()
        .inNamespace(playground.namespace())
        .withName("few")
        .delete();
    Playground.await().until(() -> playground.workers("c").size() == 4);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
  }

  private void settled(int workers) {
    playground.apply(Manifests.cluster("c", workers));
    Playground.await().until(() -> playground.pods().size() == workers + 1);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  /** Events are recorded in the background. */
  private void awaitEvent(String part) {
    Playground.await()
        .untilAsserted(
            () -> assertThat(playground.eventNotes()).anyMatch(note -> note.contains(part)));
  }
}
