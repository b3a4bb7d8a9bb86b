package dev.spray.e2e.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How Ray starts in the pods that the operator makes. */
final class RayStarts {

  /**
   * The command of a pod of each group, the head's among them. Wakes the cluster and gives it one
   * replica of each group. None, if the cluster asks for what the platform hasn't got.
   */
  static Map<String, String> of(Playground playground, String cluster) {
    wake(playground, cluster);
    int groups = playground.cluster(cluster).getSpec().workerGroupSpecs().size() + 1;
    Playground.await()
        .until(() ->
            stalled(playground, cluster).isPresent() || commands(playground).size() == groups);
    stalled(playground, cluster)
        .ifPresent(condition ->
            assertThat(condition.getMessage())
                .as("what another platform would grant")
                .contains("accelerator.topology is for TPUs: remove it"));
    return commands(playground);
  }

  private static void wake(Playground playground, String cluster) {
    ArrayNode patch = new JsonMapper().createArrayNode();
    add(patch, "/spec/suspend").put("value", false);
    for (int i = 0; i < playground.cluster(cluster).getSpec().workerGroupSpecs().size(); i++) {
      add(patch, "/spec/workerGroupSpecs/%d/suspend".formatted(i)).put("value", false);
      add(patch, "/spec/workerGroupSpecs/%d/replicas".formatted(i)).put("value", 1);
    }
    Kubectl.Result result =
        playground.kubectl(
            "", "patch", "raycluster", cluster, "--type=json", "-p", patch.toString());
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static ObjectNode add(ArrayNode patch, String path) {
    return patch.addObject().put("op", "add").put("path", path);
  }

  private static Optional<Condition> stalled(Playground playground, String cluster) {
    return playground
        .condition(cluster, ConditionTypes.STALLED)
        .filter(condition -> condition.getStatus().equals("True"));
  }

  private static Map<String, String> commands(Playground playground) {
    Map<String, String> commands = new TreeMap<>();
    for (Pod pod : playground.pods()) {
      commands.put(pod.getMetadata().getLabels().get(RayLabels.GROUP), command(pod));
    }
    return commands;
  }

  private static String command(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals("KUBERAY_GEN_RAY_START_CMD"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private RayStarts() {}
}
