package dev.spray.e2e.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Those who write RayClusters as KubeRay's schema has them can write ours. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class OtherClientsTest {
  private static final String CLUSTER =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: c}
      spec:
        enableInTreeAutoscaling: true
        headGroupSpec: {template: {spec: {containers: [{name: ray, image: ray}]}}}
        workerGroupSpecs:
        - {groupName: a, maxReplicas: 5, template: {spec: {containers: [{name: ray, image: ray}]}}}
        - {groupName: b, maxReplicas: 5, template: {spec: {containers: [{name: ray, image: ray}]}}}
      """;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  /** Ray's autoscaler knows groups by their places in the list. */
  @Test
  void aPatchByIndexChangesOneGroup() {
    kubectl(CLUSTER, "create", "-f", "-");
    autoscale();

    assertThat(groups())
        .extracting(WorkerGroupSpec::groupName, WorkerGroupSpec::replicas)
        .containsExactly(tuple("a", 0), tuple("b", 3));
    assertThat(groups().getLast().workersToDelete()).containsExactly("c-b-worker-x1y2z");
  }

  /** Kueue writes the whole list when it starts a cluster. */
  @Test
  void aMergePatchReplacesTheList() {
    kubectl(CLUSTER, "create", "-f", "-");
    ArrayNode groups = (ArrayNode) stored().at("/spec/workerGroupSpecs");
    groups.remove(0);
    ((ObjectNode) groups.get(0)).put("replicas", 4);
    groups.add(((ObjectNode) groups.get(0)).deepCopy().put("groupName", "z"));

    kubectl(
        "",
        "patch",
        "raycluster",
        "c",
        "--type=merge",
        "-p",
        "{\"spec\": {\"suspend\": false, \"workerGroupSpecs\": " + groups + "}}");

    assertThat(groups())
        .extracting(WorkerGroupSpec::groupName, WorkerGroupSpec::replicas)
        .containsExactly(tuple("b", 4), tuple("z", 4));
  }

  /** kubectl-ray reads into Go's structs and writes those: with nulls, zeros, and a status. */
  @Test
  void anUpdateOfTheWholeObjectIsTaken() {
    kubectl(CLUSTER, "create", "-f", "-");
    ObjectNode cluster = stored();
    ObjectNode head = (ObjectNode) cluster.at("/spec/headGroupSpec");
    head.putNull("rayStartParams");
    ((ObjectNode) head.get("template")).putObject("metadata").putNull("creationTimestamp");
    ((ObjectNode) head.at("/template/spec/containers/0")).putObject("resources");
    ObjectNode group = (ObjectNode) cluster.at("/spec/workerGroupSpecs/0");
    group.put("replicas", 2).putNull("rayStartParams").putObject("scaleStrategy");
    ObjectNode status = cluster.putObject("status");
    status.put("desiredCPU", "0").putNull("lastUpdateTime").putObject("head");

    kubectl(cluster.toString(), "replace", "--validate=ignore", "-f", "-");

    assertThat(groups())
        .extracting(WorkerGroupSpec::groupName, WorkerGroupSpec::replicas)
        .containsExactly(tuple("a", 2), tuple("b", 0));
  }

  @Test
  void aUserAppliesBesideTheAutoscaler() {
    apply(CLUSTER);
    autoscale();

    apply(CLUSTER.replace("maxReplicas: 5", "maxReplicas: 7"));
    assertThat(groups())
        .extracting(WorkerGroupSpec::replicas, WorkerGroupSpec::maxReplicas)
        .containsExactly(tuple(0, 7), tuple(3, 7));

    apply(CLUSTER.lines().filter(line -> !line.contains("groupName: b")).toList());
    assertThat(groups()).extracting(WorkerGroupSpec::groupName).containsExactly("a");
  }

  @Test
  void aUserWhoSaysAnotherNumberIsTold() {
    apply(CLUSTER);
    autoscale();

    String scaled = CLUSTER.replace("groupName: b", "groupName: b, replicas: 1");
    assertThatThrownBy(() -> apply(scaled))
        .hasMessageContaining("conflict with \"autoscaler\"")
        .hasMessageContaining(".spec.workerGroupSpecs[groupName=\"b\"].replicas");
  }

  private void autoscale() {
    kubectl(
        "",
        "patch",
        "raycluster",
        "c",
        "--field-manager=autoscaler",
        "--type=json",
        "-p",
        """
        [{"op": "replace", "path": "/spec/workerGroupSpecs/1/replicas", "value": 3},
         {"op": "add", "path": "/spec/workerGroupSpecs/1/scaleStrategy",
          "value": {"workersToDelete": ["c-b-worker-x1y2z"]}}]
        """);
  }

  private void apply(List<String> lines) {
    apply(String.join("\n", lines));
  }

  private void apply(String manifest) {
    kubectl(manifest, "apply", "--server-side", "-f", "-");
  }

  private void kubectl(String input, String... arguments) {
    Kubectl.Result result = playground.kubectl(input, arguments);
    if (result.exitCode() != 0) {
      throw new IllegalStateException(result.output());
    }
  }

  private ObjectNode stored() {
    String json = playground.kubectl("", "get", "raycluster", "c", "-o", "json").output();
    return Serialization.unmarshal(json, ObjectNode.class);
  }

  private List<WorkerGroupSpec> groups() {
    return playground.cluster("c").getSpec().workerGroupSpecs();
  }
}
