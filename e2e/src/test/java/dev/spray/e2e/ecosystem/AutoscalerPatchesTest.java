package dev.spray.e2e.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ray's autoscaler scales a cluster by its own patches, with the rights that the operator gives.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class AutoscalerPatchesTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static Stream<Arguments> autoscalers() {
    return RayAutoscaler.RELEASES.stream()
        .flatMap(release -> Stream.of("v1", "v2").map(version -> Arguments.of(release, version)));
  }

  @ParameterizedTest
  @MethodSource("autoscalers")
  void aGroupGrowsAndLosesThePodsThatItNames(String release, String version) {
    playground.apply(
        Manifests.cluster("c", 1)
                .replace(
                    "  rayVersion:",
                    "  enableInTreeAutoscaling: true\n  autoscalerOptions: {version: %s}\n  rayVersion:"
                        .formatted(version))
            + Manifests.group("large", 0));
    Playground.await().until(() -> playground.pods().size() == 2);
    String account = playground.heads("c").getFirst().getSpec().getServiceAccountName();

    try (RayAutoscaler ray = new RayAutoscaler(release, playground.configOf(account))) {
      ray.launch(version, playground.namespace(), "c", "large", 3);
      Playground.await().until(() -> large().size() == 3);

      List<String> before = large();
      String named = before.get(1);
      ray.terminate(version, playground.namespace(), "c", List.of(named));
      Playground.await().until(() -> large().size() == 2);
      assertThat(before).containsAll(large());
      assertThat(large()).doesNotContain(named);
      List<String> kept = large();

      ray.launch(version, playground.namespace(), "c", "large", 1);
      Playground.await().until(() -> large().size() == 3);
      assertThat(large()).containsAll(kept).doesNotContain(named);
    }

    assertThat(playground.workers("c")).hasSize(4);
    assertThat(group().replicas()).isEqualTo(3);
    assertThat(group().workersToDelete()).isEmpty();
  }

  /** Of a short manifest, whose user has something else to change meanwhile. */
  @Test
  void whatItScaledStaysWhenThePlatformPartIsEdited() {
    String manifest =
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata: {name: c}
        spec:
          platform:
            head: {cpu: 1, memory: 1Gi}
            groups:
            - {groupName: large, minReplicas: 0, maxReplicas: 5, cpu: 1, memory: 1Gi}
        """;
    playground.apply(manifest);
    Playground.await().until(() -> playground.heads("c").size() == 1);
    String account = playground.heads("c").getFirst().getSpec().getServiceAccountName();

    try (RayAutoscaler ray =
        new RayAutoscaler(RayAutoscaler.RELEASES.getLast(), playground.configOf(account))) {
      ray.launch("v2", playground.namespace(), "c", "large", 3);
      Playground.await().until(() -> large().size() == 3);

      playground.apply(manifest.replace("maxReplicas: 5, cpu: 1", "maxReplicas: 7, cpu: 2"));
      Playground.await().until(() -> group().maxReplicas() == 7);
      assertThat(group().replicas()).isEqualTo(3);

      String named = large().getFirst();
      ray.terminate("v2", playground.namespace(), "c", List.of(named));
      playground.apply(manifest.replace("maxReplicas: 5, cpu: 1", "maxReplicas: 6, cpu: 1"));
      Playground.await().until(() -> large().size() == 2 && group().maxReplicas() == 6);
      assertThat(large()).doesNotContain(named);
      assertThat(group().replicas()).isEqualTo(2);
    }
  }

  private WorkerGroupSpec group() {
    return playground.cluster("c").getSpec().workerGroupSpecs().getLast();
  }

  private List<String> large() {
    return playground.workers("c").stream()
        .filter(pod -> pod.getMetadata().getLabels().get(RayLabels.GROUP).equals("large"))
        .map(Pod::getMetadata)
        .map(metadata -> metadata.getName())
        .toList();
  }
}
