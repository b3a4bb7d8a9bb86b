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

  /** Fields of KubeRay that this operator doesn't know yet, and of whatever comes after it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "  suspend: true",
        "  autoscalerOptions: {version: v2}",
        "  networkPolicy: {mode: DenyAll}",
        "  whatever: [1, {a: b}]",
        "  upgradeStrategy:",
      })
  void fieldsThatAreNotKnownAreNoError(String field) {
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
