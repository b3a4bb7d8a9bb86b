package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.KubeRayDifferences;
import dev.spray.operator.KubeRayGolden;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Status and Events are KubeRay's; whatever differs is named here. */
class KubeRayStatusTest {

  static Stream<String> cases() {
    return KubeRayGolden.podCases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statusAndEventsAreThoseOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    JsonNode golden =
        Serialization.unmarshal(KubeRayGolden.read(name, "status.yaml"), JsonNode.class);
    JsonNode recorded = golden.path("status").path(0);
    cluster.getMetadata().setGeneration(recorded.path("observedGeneration").asLong());

    Plan plan = new World().pass(cluster);

    JsonNode ours =
        Serialization.unmarshal(Serialization.asJson(cluster.getStatus()), JsonNode.class);
    assertThat(KubeRayDifferences.comparable(ours))
        .isEqualTo(KubeRayDifferences.comparable(recorded));
    List<Outcome> outcomes = plan.actions().stream().map(Outcome::done).toList();
    assertThat(events(ClusterEvents.of(outcomes, List.of()))).isEqualTo(events(golden));
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
