package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LostNodesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest(name = "{0} on {1}, due in {2} s: asked {3}, gone {4}")
  @CsvSource({
    "head,   gone,  -1, true,  true",
    "head,   there, -1, true,  false",
    "head,   gone,  1,  false, false",
    "head,   gone,  ,   false, false",
    "head,   ,      -1, false, false",
    "worker, gone,  -1, false, false",
  })
  void onlyTheNodeOfAHeadThatShouldBeGoneIsAskedFor(
      String type, String node, Integer due, boolean asked, boolean gone) {
    List<String> questions = new ArrayList<>();
    LostNodes nodes =
        new LostNodes(name -> {
          questions.add(name);
          return name.equals("gone");
        });

    ObservedCluster marked = nodes.mark(cluster(type, node, due), NOW);

    assertThat(questions).hasSize(asked ? 1 : 0);
    assertThat(marked.pods()).extracting(ObservedPod::nodeGone).containsExactly(gone);
  }

  @Test
  void whereThereIsNothingToAskNothingIsCopied() {
    ObservedCluster cluster = cluster("head", "there", null);

    assertThat(new LostNodes(name -> true).mark(cluster, NOW)).isSameAs(cluster);
  }

  private static ObservedCluster cluster(String type, String node, Integer due) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("pod")
            .withLabels(Map.of(RayLabels.NODE_TYPE, type))
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .endSpec()
            .build();
    Pod ending = due == null ? pod : Pods.terminating(pod, NOW.plusSeconds(due));
    return new ObservedCluster(List.of(), List.of(PodReading.of(ending)), Optional.empty());
  }
}
