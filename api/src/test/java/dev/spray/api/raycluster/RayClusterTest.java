package dev.spray.api.raycluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RayClusterTest {
  private static final String SMALL =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: demo}
      spec:
        headGroupSpec:
          template: {spec: {containers: [{name: ray}]}}
      """;

  @Test
  void anAbsentSpecAndAnAbsentStatusAreNull() {
    RayCluster cluster = parse("apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: demo}\n");

    assertThat(cluster.getSpec()).isNull();
    assertThat(cluster.getStatus()).isNull();
    assertThat(new RayCluster().getSpec()).isNull();
  }

  @Test
  void anEmptySpecIsNotAbsent() {
    RayCluster cluster = parse("apiVersion: ray.io/v1\nkind: RayCluster\nspec: {}\n");

    assertThat(cluster.getSpec()).isNotNull();
    assertThat(cluster.getSpec().headGroupSpec()).isNull();
    assertThat(cluster.getSpec().workerGroupSpecs()).isEmpty();
  }

  @Test
  void absentListsAndMapsAreEmpty() {
    RayClusterSpec spec = parse(SMALL).getSpec();

    assertThat(spec.workerGroupSpecs()).isEmpty();
    assertThat(spec.headGroupSpec().rayStartParams()).isEmpty();
    assertThat(new ScaleStrategy(null).workersToDelete()).isEmpty();
  }

  /** Fields of whatever comes after this operator, and values that an older schema let in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "  whatever: [1, {a: b}]",
        "  autoscalerOptions: {version: v3, whatever: 1}",
        "  upgradeStrategy: {type: Rolling}",
        "  authOptions: {}",
        "  upgradeStrategy:",
        "  networkPolicy: {mode: AllowAll, workerGroups: []}",
      })
  void whatIsNotKnownIsNoError(String field) {
    assertThat(parse(SMALL + field + "\n").getSpec().headGroupSpec().template()).isNotNull();
  }

  @Test
  void whatIsWrittenIsWhatWasRead() {
    RayCluster cluster = parse(SMALL);
    RayCluster again = parse(Serialization.asYaml(cluster));

    assertThat(again.getSpec()).isEqualTo(cluster.getSpec());
    assertThat(again.getKind()).isEqualTo("RayCluster");
    assertThat(again.getApiVersion()).isEqualTo("ray.io/v1");
  }

  @Test
  void aSuspendedGroupWantsNone() {
    assertThat(group("replicas: 3, minReplicas: 2, suspend: true").desiredReplicas()).isZero();
    assertThat(group("replicas: 3, suspend: false").desiredReplicas()).isEqualTo(3);
  }

  @Test
  void eachReplicaHasAllItsHosts() {
    assertThat(group("replicas: 3, numOfHosts: 4"))
        .returns(4, WorkerGroupSpec::hosts)
        .returns(3, WorkerGroupSpec::desiredReplicas)
        .returns(12L, WorkerGroupSpec::desiredPods);
    assertThat(group("replicas: 3").desiredPods()).isEqualTo(3);
    assertThat(group("replicas: 3, numOfHosts: 2000000000").desiredPods())
        .isEqualTo(6_000_000_000L);
  }

  @Test
  void whatGoesFirst() {
    assertThat(group("scaleStrategy: {workersToDelete: [a, b]}").workersToDelete())
        .containsExactly("a", "b");
    assertThat(group("scaleStrategy: {}").workersToDelete()).isEmpty();
    assertThat(group("replicas: 1").workersToDelete()).isEmpty();
  }

  private static WorkerGroupSpec group(String fields) {
    String groups = "  workerGroupSpecs: [{groupName: a, " + fields + "}]\n";
    return parse(SMALL + groups).getSpec().workerGroupSpecs().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    ", , false",
    "false, false, false",
    "true, , true",
    ", true, true",
    "false, true, true",
  })
  void whoeverSuspendsTheClusterIsHeard(String suspend, String idleSuspend, boolean suspended) {
    RayClusterSpec spec =
        parse(
                SMALL
                    + "  suspend: %s\n  idleSuspend: %s\n"
                        .formatted(orNull(suspend), orNull(idleSuspend)))
            .getSpec();

    assertThat(spec.suspended()).isEqualTo(suspended);
  }

  private static String orNull(String value) {
    return value == null ? "null" : value;
  }

  @Test
  void whatIsSaidOfACluster() {
    RayClusterSpec silent = parse(SMALL).getSpec();
    RayClusterSpec spec =
        parse(
                SMALL
                    + """
                      managedBy: kueue.x-k8s.io/multikueue
                      enableInTreeAutoscaling: true
                      autoscalerOptions: {version: v2}
                      upgradeStrategy: {type: Recreate}
                      authOptions: {mode: token, enableK8sTokenAuth: true}
                      tlsOptions: {enabled: true}
                    """)
            .getSpec();

    assertThat(spec)
        .returns(true, RayClusterSpec::managedElsewhere)
        .returns(true, RayClusterSpec::autoscaled)
        .returns("v2", s -> s.autoscaler().version())
        .returns(true, RayClusterSpec::recreatedOnChange)
        .returns(true, RayClusterSpec::authenticated)
        .returns(true, RayClusterSpec::authenticatedByKubernetes)
        .returns(true, RayClusterSpec::encrypted);
    assertThat(silent)
        .returns(false, RayClusterSpec::managedElsewhere)
        .returns(false, RayClusterSpec::autoscaled)
        .returns(AutoscalerOptions.NONE, RayClusterSpec::autoscaler)
        .returns(false, RayClusterSpec::recreatedOnChange)
        .returns(false, RayClusterSpec::authenticated)
        .returns(false, RayClusterSpec::authenticatedByKubernetes)
        .returns(false, RayClusterSpec::encrypted)
        .returns(IngressOptions.NONE, s -> s.headGroupSpec().ingress());
    assertThat(parse(SMALL + "  managedBy: ray.io/kuberay-operator\n").getSpec())
        .returns(false, RayClusterSpec::managedElsewhere);
  }

  @ParameterizedTest
  @CsvSource({
    ", true, true",
    "DenyAll, true, true",
    "DenyAllIngress, true, false",
    "DenyAllEgress, false, true",
  })
  void whatANetworkPolicyDenies(String mode, boolean ingress, boolean egress) {
    assertThat(new NetworkPolicyConfig(mode, null, null, null))
        .returns(ingress, NetworkPolicyConfig::deniesIngress)
        .returns(egress, NetworkPolicyConfig::deniesEgress);
  }

  @ParameterizedTest(name = "replicas {0} from {1} to {2}: {3}")
  @CsvSource({
    "3, 0, 5, 3",
    "9, 0, 5, 5",
    "1, 2, 5, 2",
    "0, 0, 0, 0",
    ", , , 0",
    ", 2, , 2",
    "7, , , 7",
    "7, , 5, 5",
    "2147483647, 0, 2147483647, 2147483647",
  })
  void replicasAreHeldWithinTheirBounds(Integer replicas, Integer min, Integer max, int desired) {
    WorkerGroupSpec group = new WorkerGroupSpec("small", replicas, min, max, null, null, null);

    assertThat(group.desiredReplicas()).isEqualTo(desired);
  }

  @Test
  void aSpecCanNotBeChangedThroughWhatItWasMadeOf() {
    List<WorkerGroupSpec> groups = new ArrayList<>();
    Map<String, String> params = new HashMap<>();
    RayClusterSpec spec = new RayClusterSpec(null, new HeadGroupSpec(null, params, null), groups);

    groups.add(new WorkerGroupSpec("small", 1, 0, 1, null, null, null));
    params.put("port", "1");

    assertThat(spec.workerGroupSpecs()).isEmpty();
    assertThat(spec.headGroupSpec().rayStartParams()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{containers: [{name: ray, resources: {limits: {memory: lots}}}]}",
        "{containers: [{name: ray, resources: {limits: {cpu: 99999999999}}}]}",
        "{containers: [{name: ray}], volumes: [{emptyDir: {sizeLimit: lots}}]}",
        "{containers: [{name: ray}], somethingNew: {deep: [1]}}",
      })
  void aStrangeTemplateCanBeRead(String podSpec) {
    RayClusterSpec spec = parse(withPodSpec(podSpec)).getSpec();

    assertThat(spec.unreadable()).isNull();
    assertThat(spec.headGroupSpec().template().getSpec().getContainers()).hasSize(1);
  }

  /**
   * The API server takes more than Java's types hold. A list of all RayClusters is read as one: the
   * one that can't be read must not hide the others.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{containers: [{ports: [{containerPort: 3000000000}]}]} | ports[0].containerPort",
        "{containers: [{livenessProbe: {httpGet: {port: 3000000000}}}]} | httpGet.port",
        "{containers: [{livenessProbe: {periodSeconds: 99999999999}}]} | periodSeconds",
        "{containers: [{resources: {limits: {cpu: ''}}}]} | resources.limits.cpu",
        "{containers: [], priority: 99999999999} | template.spec.priority",
        "{containers: {}} | template.spec.containers",
      })
  void aSpecThatCanNotBeReadSaysWhichField(String podSpec, String field) {
    RayCluster cluster = parse(withPodSpec(podSpec));

    assertThat(cluster.getSpec().unreadable()).startsWith("spec.headGroupSpec.").contains(field);
    assertThat(cluster.getSpec().workerGroupSpecs()).isEmpty();
    assertThat(cluster.getMetadata().getName()).isEqualTo("demo");
  }

  @Test
  void aWorkerGroupThatCanNotBeReadSaysSoToo() {
    RayCluster cluster =
        parse(SMALL + "  workerGroupSpecs: [{groupName: a}, {groupName: b, replicas: 1e12}]\n");

    assertThat(cluster.getSpec().unreadable()).startsWith("spec.workerGroupSpecs[1].replicas: ");
  }

  @Test
  void aStatusThatCanNotBeReadIsNone() {
    RayCluster cluster = parse(SMALL + "status: {state: ready, desiredWorkerReplicas: many}\n");

    assertThat(cluster.getStatus()).isNull();
    assertThat(cluster.getSpec().unreadable()).isNull();
    assertThat(parse(SMALL + "status: {state: ready}\n").getStatus().state()).isEqualTo("ready");
  }

  private static String withPodSpec(String podSpec) {
    return SMALL.replace("{containers: [{name: ray}]}", podSpec);
  }

  private static RayCluster parse(String yaml) {
    return Serialization.unmarshal(yaml, RayCluster.class);
  }
}
