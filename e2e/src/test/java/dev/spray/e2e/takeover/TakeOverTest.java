package dev.spray.e2e.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.KubeRayGolden;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clusters that KubeRay has made are taken over while they run. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class TakeOverTest {
  /** Long enough for a second pass, if there were one. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private Playground playground;
  private KubeRayMade kubeRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    kubeRay = new KubeRayMade(playground);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static Stream<String> recorded() throws IOException {
    return KubeRayGolden.recorded().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  @EnabledIf(
      value = "dev.spray.operator.KubeRayGolden#isPresent",
      disabledReason = "../shared/golden is absent")
  void costsNoPodAndOneStatusWrite(String name, Testbed testbed) throws IOException {
    String cluster = kubeRay.recorded(name);
    List<Pod> before = playground.pods();
    assertThat(before).isNotEmpty();
    List<Secret> secrets = secrets();

    playground.startOperator();

    awaitTakenOver(cluster);
    Playground.await().during(QUIET).until(() -> !isOfKubeRay(playground.cluster(cluster)));
    List<Audit.Request> writes = writes(testbed);
    assertThat(writes)
        .noneMatch(write -> write.resource().startsWith("pods"))
        .noneMatch(write -> write.verb().startsWith("delete"))
        .noneMatch(write -> write.resource().equals("rayclusters"));
    assertThat(statusWrites(writes)).hasSize(1);
    assertThat(playground.pods()).isEqualTo(before);
    assertThat(secrets()).as("pods that run have their token").isEqualTo(secrets);
  }

  /** KubeRay has written it, and an apply alone would leave what it doesn't say itself. */
  @Test
  void leavesNothingOfAStatusThatIsNotTrueAnyMore(Testbed testbed) {
    kubeRay.plain("c", 2, 2);
    playground.pods().forEach(playground::makeReady);

    playground.startOperator();

    playground.awaitTrue("c", ConditionTypes.READY);
    var status = playground.cluster("c").getStatus();
    assertThat(status.state()).isEqualTo("ready");
    assertThat(status.endpoints()).containsKey("client").doesNotContainKey("old");
    assertThat(status.conditions())
        .extracting(Condition::getType)
        .doesNotContain(ConditionTypes.REPLICA_FAILURE);
    assertThat(
            playground
                .condition("c", ConditionTypes.PROVISIONED)
                .orElseThrow()
                .getLastTransitionTime())
        .as("it is provisioned since then")
        .isEqualTo("2026-01-01T00:00:00Z");
    Playground.await().until(() -> !statusWrites(writes(testbed)).isEmpty());
    assertThat(statusWrites(writes(testbed))).hasSize(1);
  }

  /** The status is written over what the finalizer has made of the cluster. */
  @Test
  void putsAFinalizerThatIsMissingAndWritesTheStatusAllTheSame(Testbed testbed) {
    kubeRay.plain("c", 1, 1);
    playground.pods().forEach(playground::makeReady);
    playground.patch(
        "c",
        PatchType.JSON_MERGE,
        "{\"spec\": {\"gcsFaultToleranceOptions\": {\"redisAddress\": \"redis:6379\"}}}");

    playground.startOperator();

    awaitTakenOver("c");
    assertThat(playground.cluster("c").hasFinalizer(RayLabels.REDIS_FINALIZER)).isTrue();
    Playground.await().until(() -> !statusWrites(writes(testbed)).isEmpty());
    assertThat(statusWrites(writes(testbed)))
        .extracting(Audit.Request::code)
        .isNotEmpty()
        .containsOnly(200);
  }

  @Test
  void isOfEverythingAndTheServiceStillLeadsToTheHead() {
    kubeRay.plain("c", 1, 1);
    playground.pods().forEach(playground::makeReady);

    playground.startOperator();
    playground.awaitTrue("c", ConditionTypes.READY);

    Pod head = playground.heads("c").getFirst();
    Service service =
        playground
            .admin()
            .services()
            .inNamespace(playground.namespace())
            .withName("c-head-svc")
            .get();
    assertThat(head.getMetadata().getName()).isEqualTo("c-head-q7r5t");
    assertThat(head.getMetadata().getLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(service.getMetadata().getAnnotations()).containsKey(RayLabels.DESIRED_HASH);
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
  }

  @Test
  void replacesWhatIsLostLater() {
    kubeRay.plain("c", 2, 2);
    playground.pods().forEach(playground::makeReady);
    playground.startOperator();
    playground.awaitTrue("c", ConditionTypes.READY);

    delete("c-head-q7r5t");
    delete("c-small-worker-4xk0");

    Playground.await()
        .untilAsserted(() -> {
          assertThat(playground.heads("c"))
              .singleElement()
              .matches(pod -> pod.getMetadata().getName().equals("c-head"));
          assertThat(playground.workers("c")).hasSize(2);
        });
    playground.pods().forEach(playground::makeReady);
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.cluster("c").getStatus().head().podName()).isEqualTo("c-head"));
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  /** KubeRay lets a template change it, and finds its pods by their node type. */
  @Test
  void findsAHeadWhoseTemplateSaysThatItIsNoRayNode(Testbed testbed) {
    kubeRay.plain("c", 1, 1);
    label("c-head-q7r5t", RayLabels.IS_RAY_NODE, "no");
    playground.pods().forEach(playground::makeReady);

    playground.startOperator();

    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(writes(testbed)).noneMatch(write -> write.resource().startsWith("pods"));
  }

  /** Both would make the same pods, and take them away. */
  @Test
  void stepsBackFromAClusterOnWhichKubeRayIsStillAtWork() {
    kubeRay.plain("c", 1, 1);
    playground.startOperator();
    awaitTakenOver("c");

    kubeRay.status(
        "c",
        Map.of(
            "status",
            Map.of(
                "conditions", List.of(KubeRayMade.condition("HeadPodReady", "HeadPodRunning")))));
    delete("c-small-worker-4xk0");

    Playground.await().until(() -> playground.eventReasons().contains("AnotherOperatorAtWork"));
    Playground.await().during(QUIET).until(() -> playground.workers("c").isEmpty());
    assertThat(isOfKubeRay(playground.cluster("c"))).isTrue();
  }

  private List<Secret> secrets() {
    return playground.admin().secrets().inNamespace(playground.namespace()).list().getItems();
  }

  private void awaitTakenOver(String cluster) {
    Playground.await().until(() -> !isOfKubeRay(playground.cluster(cluster)));
  }

  private static boolean isOfKubeRay(RayCluster cluster) {
    return cluster.getStatus().writtenByAnother();
  }

  private List<Audit.Request> writes(Testbed testbed) {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> !List.of("get", "list").contains(request.verb()))
        .toList();
  }

  private static List<Audit.Request> statusWrites(List<Audit.Request> writes) {
    return writes.stream().filter(write -> write.resource().equals("rayclusters/status")).toList();
  }

  private void delete(String pod) {
    playground
        .admin()
        .pods()
        .inNamespace(playground.namespace())
        .withName(pod)
        .withGracePeriod(0)
        .delete();
  }

  private void label(String pod, String label, String value) {
    var _ =
        playground
            .admin()
            .pods()
            .inNamespace(playground.namespace())
            .withName(pod)
            .edit(found -> {
              found.getMetadata().getLabels().put(label, value);
              return found;
            });
  }
}
