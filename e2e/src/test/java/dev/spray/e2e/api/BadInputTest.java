package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad manifests: refused on arrival where the schema can tell, else told in the status. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class BadInputTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static Stream<Arguments> refused() {
    String cluster = Manifests.cluster("c", 1);
    return Stream.of(
        Arguments.of(
            "an unknown field",
            cluster.replace("rayVersion:", "rayVersoin:"),
            "unknown field \"spec.rayVersoin\""),
        Arguments.of(
            "an unknown field deep in the template",
            cluster.replace("image: rayproject/ray:2.60.0", "imag: rayproject/ray:2.60.0"),
            "unknown field \"spec.headGroupSpec.template.spec.containers[0].imag\""),
        Arguments.of(
            "no container",
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: c}
            spec:
              headGroupSpec:
                template: {spec: {containers: []}}
            """,
            "should have at least 1 items"),
        Arguments.of(
            "no template",
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: c}
            spec: {headGroupSpec: {rayStartParams: {}}}
            """,
            "spec.headGroupSpec.template: Required value"),
        Arguments.of(
            "no spec",
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: c}
            """,
            "spec: Required value"),
        Arguments.of(
            "negative replicas",
            cluster.replace("replicas: 1\n", "replicas: -1\n"),
            "should be greater than or equal to 0"),
        Arguments.of(
            "more replicas than fit an int",
            cluster.replace("replicas: 1\n", "replicas: 3000000000\n"),
            "spec.workerGroupSpecs[0].replicas"),
        Arguments.of(
            "minReplicas above maxReplicas",
            cluster.replace("minReplicas: 0", "minReplicas: 2000"),
            "minReplicas must not be greater than maxReplicas"),
        Arguments.of(
            "two groups of one name",
            cluster + Manifests.group("small", 2),
            "spec.workerGroupSpecs[1]: Duplicate value"),
        Arguments.of(
            "a name that is too long",
            Manifests.cluster("c".repeat(54), 1),
            "metadata.name must be at most 53 characters"),
        Arguments.of(
            "a name that no service may have", Manifests.cluster("1st", 1), "start with a letter"),
        Arguments.of(
            "a group name that makes an invalid pod name",
            cluster.replace("groupName: small", "groupName: small_group"),
            "spec.workerGroupSpecs[0].groupName"),
        Arguments.of(
            "a number that no client can read",
            cluster.replaceFirst(
                "name: ray-head\n",
                "name: ray-head\n          ports: [{containerPort: 3000000000}]\n"),
            "containers[0].ports[0].containerPort"),
        Arguments.of(
            "an amount that is none",
            cluster.replaceFirst("memory: 2Gi", "memory: 2 GB"),
            "resources.requests.memory"),
        Arguments.of(
            "an amount that would fill the memory",
            cluster.replaceFirst("memory: 2Gi", "memory: 1e99999999"),
            "resources.requests.memory"),
        Arguments.of(
            "an empty amount",
            cluster.replaceFirst("memory: 2Gi", "memory: ''"),
            "resources.requests.memory"),
        Arguments.of(
            "a wrong type",
            cluster.replace("replicas: 1\n", "replicas: many\n"),
            "spec.workerGroupSpecs[0].replicas"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefusedOnArrival(String what, String manifest, String said) {
    assertThat(playground.applyRefused(manifest)).as(what).contains(said);
    assertThat(playground.cluster("c")).isNull();
  }

  static Stream<Arguments> stalled() {
    String cluster = Manifests.cluster("bad", 1);
    return Stream.of(
        Arguments.of(
            "a port that is none",
            cluster.replaceFirst("rayStartParams: \\{}", "rayStartParams: {port: http}"),
            "spec.headGroupSpec.rayStartParams.port is 'http'"),
        Arguments.of(
            "a pod that the API server refuses",
            cluster.replaceFirst("limits: \\{memory: 2Gi}", "limits: {memory: 1Gi}"),
            "must be less than or equal to memory limit"),
        Arguments.of(
            "an environment variable without a name",
            cluster.replaceFirst(
                "name: ray-head\n", "name: ray-head\n          env: [{name: '', value: x}]\n"),
            "env[0].name"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stalled")
  void isToldInTheStatusAndHealsWithTheManifest(String what, String manifest, String said) {
    playground.startOperator();
    playground.apply(Manifests.cluster("good", 1));
    playground.apply(manifest);

    playground.awaitTrue("bad", ConditionTypes.STALLED);
    assertThat(playground.condition("bad", ConditionTypes.STALLED).orElseThrow().getMessage())
        .as(what)
        .contains(said);
    Playground.await().until(() -> playground.workers("good").size() == 1);

    playground.apply(Manifests.cluster("bad", 1));
    Playground.await()
        .untilAsserted(() -> {
          assertThat(playground.heads("bad")).hasSize(1);
          assertThat(playground.workers("bad")).hasSize(1);
        });
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("bad", ConditionTypes.READY);
    playground.awaitTrue("good", ConditionTypes.READY);
    assertThat(playground.condition("bad", ConditionTypes.STALLED).orElseThrow().getStatus())
        .isEqualTo("False");
  }

  @Test
  void anEditThatBreaksARunningClusterLeavesItsPodsAlone() {
    playground.startOperator();
    playground.apply(Manifests.cluster("c", 2));
    Playground.await().until(() -> playground.pods().size() == 3);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
    var before = playground.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();

    playground.apply(
        Manifests.cluster("c", 2)
            .replaceFirst("rayStartParams: \\{}", "rayStartParams: {port: http}"));
    playground.awaitTrue("c", ConditionTypes.STALLED);

    assertThat(playground.pods()).extracting(pod -> pod.getMetadata().getUid()).isEqualTo(before);
  }

  @Test
  void aGroupWhosePodsAreRefusedHoldsNoOtherBack() {
    String mended = Manifests.cluster("c", 3) + Manifests.group("large", 2);
    // More than its limit, which only the API server's check of pods sees.
    String bad = mended.replaceFirst("limits: \\{memory: 1Gi}", "limits: {memory: 1Mi}");
    assertThat(bad).isNotEqualTo(mended);
    playground.startOperator();
    playground.apply(bad);

    playground.awaitTrue("c", ConditionTypes.STALLED);
    Playground.await().until(() -> playground.workers("c").size() == 2);
    assertThat(playground.workers("c"))
        .extracting(pod -> pod.getMetadata().getLabels().get(RayLabels.GROUP))
        .containsOnly("large");

    playground.apply(mended);
    Playground.await().until(() -> playground.workers("c").size() == 5);
  }
}
