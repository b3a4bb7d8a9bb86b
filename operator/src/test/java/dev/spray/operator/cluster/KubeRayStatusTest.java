package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.KubeRayGolden;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Status and Events are KubeRay's; whatever differs is named here. */
class KubeRayStatusTest {

  /** Conditions that KubeRay doesn't have. */
  private static final Set<String> MORE =
      Set.of(ConditionTypes.READY, ConditionTypes.RECONCILING, ConditionTypes.STALLED);

  /** Events about objects that this operator doesn't make yet. */
  private static final Set<String> PENDING = Set.of("CreatedNetworkPolicy", "CreatedPVC");

  static Stream<String> cases() {
    return Stream.concat(KubeRayGolden.podCases(), KubeRayGolden.pendingPodCases());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statusAndEventsAreThoseOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    JsonNode golden =
        Serialization.unmarshal(KubeRayGolden.read(name, "status.yaml"), JsonNode.class);
    ObjectNode recorded = (ObjectNode) golden.path("status").path(0);
    cluster.getMetadata().setGeneration(recorded.path("observedGeneration").asLong());

    Plan plan = new World().pass(cluster);

    JsonNode ours =
        Serialization.unmarshal(Serialization.asJson(cluster.getStatus()), JsonNode.class);
    assertThat(normalised((ObjectNode) ours)).isEqualTo(normalised(recorded));
    List<Outcome> outcomes = plan.actions().stream().map(Outcome::done).toList();
    assertThat(events(ClusterEvents.of(outcomes, List.of()))).isEqualTo(events(golden));
  }

  /** Without times, what the API server chooses, and sentences, which are in our own words. */
  private static JsonNode normalised(ObjectNode status) {
    status.remove("lastUpdateTime");
    ObjectNode head = (ObjectNode) status.path("head");
    head.remove("serviceIP");
    head.put("podName", head.path("podName").asText().replaceFirst("-head-[a-z0-9]{5}$", "-head"));
    ObjectNode endpoints = (ObjectNode) status.path("endpoints");
    endpoints.properties().stream()
        .filter(port -> port.getValue().asInt() >= 30_000)
        .forEach(port -> port.setValue(endpoints.textNode("a port of the nodes")));
    TreeMap<String, JsonNode> conditions = new TreeMap<>();
    for (JsonNode condition : status.path("conditions")) {
      ((ObjectNode) condition)
          .remove(List.of("lastTransitionTime", "observedGeneration", "message"));
      if (!MORE.contains(condition.path("type").asText())) {
        conditions.put(condition.path("type").asText(), condition);
      }
    }
    status.putArray("conditions").addAll(conditions.values());
    return status;
  }

  private static Set<String> events(List<EventNote> notes) {
    Set<String> reasons = new TreeSet<>(notes.stream().map(EventNote::reason).toList());
    reasons.removeAll(PENDING);
    return reasons;
  }

  private static Set<String> events(JsonNode golden) {
    Set<String> reasons = new TreeSet<>();
    golden.path("events").forEach(event -> reasons.add(event.asText().replaceAll(".* ", "")));
    reasons.removeAll(PENDING);
    return reasons;
  }
}
