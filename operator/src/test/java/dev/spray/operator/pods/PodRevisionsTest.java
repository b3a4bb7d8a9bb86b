package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodRevisionsTest {
  private static final PodRevisions BEFORE = of("");

  /** No library and no later version of the operator may change it: it would replace every pod. */
  @Test
  void theyStayTheSameForEver() {
    assertThat(BEFORE.head()).isEqualTo("2-0c63e30f84740281");
    assertThat(BEFORE.workers()).containsExactly(Map.entry("small", "2-51a6c5027bcaaf69"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "suspend: true",
        "idleSuspend: true",
        "upgradeStrategy: {type: Recreate}",
        "headServiceAnnotations: {a: b}",
        "networkPolicy: {mode: DenyAll}",
        "autoscalerOptions: {image: example.com/unused}",
        "managedBy: ray.io/kuberay-operator",
        "headGroupSpec: {serviceType: NodePort, enableIngress: true}",
        "headGroupSpec: {template: {spec: {tolerations: [{key: gpu}]}}}",
        "headGroupSpec: {template: {spec: {volumes: []}, metadata: {labels: {}}}}",
      })
  void whatNoPodIsMadeOfDoesNotCount(String change) {
    assertThat(of(change)).isEqualTo(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas: 7",
        "minReplicas: 1",
        "maxReplicas: 70",
        "suspend: true",
        "priority: 3",
        "idleTimeoutSeconds: 7",
        "scaleStrategy: {workersToDelete: [demo-small-worker-x]}",
        "template: {spec: {tolerations: [{key: gpu}], schedulingGates: [{name: kueue}]}}",
      })
  void numbersOfAGroupDoNotCount(String change) {
    assertThat(ofGroup(change)).isEqualTo(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "headGroupSpec: {rayStartParams: {num-cpus: '0'}}",
        "headGroupSpec: {resources: {CPU: '3'}}",
        "headGroupSpec: {labels: {tier: gold}}",
        "headGroupSpec: {template: {metadata: {annotations: {restarted: today}}}}",
        "headGroupSpec: {template: {spec: {priorityClassName: high}}}",
        "enableInTreeAutoscaling: true",
      })
  void whatTheHeadIsMadeOfIsTheHeads(String change) {
    PodRevisions after = of(change);

    assertThat(PodRevisions.differ(after.head(), BEFORE.head())).isTrue();
    assertThat(after.workers()).isEqualTo(BEFORE.workers());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rayStartParams: {num-cpus: '3'}",
        "resources: {CPU: '3'}",
        "labels: {tier: gold}",
        "template: {metadata: {annotations: {restarted: today}}}",
        "template: {spec: {priorityClassName: high}}",
      })
  void whatAGroupIsMadeOfIsTheGroups(String change) {
    PodRevisions after = ofGroup(change);

    assertThat(after.head()).isEqualTo(BEFORE.head());
    assertThat(after.workers().get("small")).isNotEqualTo(BEFORE.workers().get("small"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rayVersion: 2.61.0",
        "tlsOptions: {enabled: true}",
        "authOptions: {mode: token}",
        "gcsFaultToleranceOptions: {redisAddress: 'redis:6379'}",
        "headGroupSpec: {rayStartParams: {port: '6380'}}",
        "enableInTreeAutoscaling: true\nautoscalerOptions: {version: v2}",
      })
  void whatAllAreMadeOfIsEverybodys(String change) {
    PodRevisions after = of(change);

    assertThat(after.head()).isNotEqualTo(BEFORE.head());
    assertThat(after.workers().get("small")).isNotEqualTo(BEFORE.workers().get("small"));
  }

  @Test
  void whatRaysAutoscalerReadsAsItRunsDoesNotCount() {
    assertThat(
            of(
                "enableInTreeAutoscaling: true\n"
                    + "autoscalerOptions: {idleTimeoutSeconds: 9, upscalingMode: Aggressive}"))
        .isEqualTo(of("enableInTreeAutoscaling: true"));
  }

  /** Platforms change their ways of doing that, and no pod has to go for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
          {labelSelector: {matchLabels: {ray.io/is-ray-node: "yes"}}, namespaceSelector: {},
           topologyKey: kubernetes.io/hostname}]}}
        """,
        """
        containers: [{name: ray-head, image: ray, ports: [
          {name: one-per-node, containerPort: 9, hostPort: 9, protocol: UDP},
          {name: dashboard, containerPort: 8265, protocol: TCP}]}]
        """
      })
  void whatKeepsANodeForOnePodDoesNotCount(String isolated) {
    assertThat(ofTemplate(isolated))
        .isEqualTo(ofTemplate("containers: [{name: ray-head, image: ray}]"));
    assertThat(ofTemplate(isolated.replace("hostname", "zone").replace("8265", "1")))
        .as("what is the user's own")
        .isNotEqualTo(ofTemplate("containers: [{name: ray-head, image: ray}]"));
  }

  @Test
  void theOrderOfFieldsDoesNotCount() {
    assertThat(ofGroup("labels: {a: '1', b: '2'}\nresources: {CPU: '3'}"))
        .isEqualTo(ofGroup("resources: {CPU: '3'}\nlabels: {b: '2', a: '1'}"));
  }

  @Test
  void oneThatIsMadeInAnotherWayIsNotCompared() {
    assertThat(PodRevisions.differ("2-a", "2-b")).isTrue();
    assertThat(PodRevisions.differ("2-a", "2-a")).isFalse();
    assertThat(PodRevisions.differ("1-a", "2-b")).isFalse();
    assertThat(PodRevisions.differ("whatever", "2-b")).isFalse();
  }

  private static PodRevisions of(String change) {
    Clusters cluster = Clusters.named("demo").group("small", 2);
    return of(change.isEmpty() ? cluster.build() : cluster.with(change).build());
  }

  private static PodRevisions ofTemplate(String pod) {
    String containers =
        pod.contains("containers") ? "" : "containers: [{name: ray-head, image: ray}]\n";
    return PodRevisions.of(
        Serialization.unmarshal(
            "headGroupSpec:\n  template:\n    spec:\n" + (containers + pod).indent(6),
            RayClusterSpec.class));
  }

  private static PodRevisions ofGroup(String change) {
    return of(Clusters.named("demo").group("small", 2, change).build());
  }

  /** As it comes from the API server. */
  private static PodRevisions of(RayCluster cluster) {
    return PodRevisions.of(
        Serialization.unmarshal(Serialization.asJson(cluster), RayCluster.class).getSpec());
  }
}
