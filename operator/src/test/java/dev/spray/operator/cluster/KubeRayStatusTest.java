package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.Clusters;
import dev.spray.operator.KubeRayGolden;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums, counts, endpoints and Events are KubeRay's. */
class KubeRayStatusTest {

  @ParameterizedTest
  @MethodSource("dev.spray.operator.KubeRayGolden#cases")
  void statusAndEventsAreThoseOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    JsonNode golden =
        Serialization.unmarshal(KubeRayGolden.read(name, "status.yaml"), JsonNode.class);
    JsonNode recorded = golden.path("status").path(0);
    World world = new World();
    Plan plan = world.decide(cluster);
    world.carryOut(plan);
    List<Outcome> outcomes = plan.actions().stream().map(Outcome::done).toList();

    RayClusterStatus status = ClusterStatus.of(cluster, world.observed(), outcomes, world.now);
    JsonNode ours = Serialization.unmarshal(Serialization.asJson(status), JsonNode.class);

    for (String sum : List.of("desiredCPU", "desiredMemory", "desiredGPU", "desiredTPU")) {
      assertThat(ours.path(sum)).as(sum).isEqualTo(recorded.path(sum));
    }
    assertThat(status.endpoints().keySet())
        .containsExactlyElementsOf(new TreeSet<>(fieldNames(recorded.path("endpoints"))));
    for (String count :
        List.of("desiredWorkerReplicas", "minWorkerReplicas", "maxWorkerReplicas")) {
      assertThat(ours.path(count).asInt()).as(count).isEqualTo(recorded.path(count).asInt());
    }
    assertThat(events(ClusterEvents.of(outcomes, List.of()))).isEqualTo(events(golden));
  }

  private static List<String> fieldNames(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static Set<String> events(List<EventNote> notes) {
    return new TreeSet<>(notes.stream().map(EventNote::reason).toList());
  }

  private static Set<String> events(JsonNode golden) {
    Set<String> reasons = new TreeSet<>();
    golden.path("events").forEach(event -> reasons.add(event.asText().replaceAll(".* ", "")));
    return reasons;
  }
}
