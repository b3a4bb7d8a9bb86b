package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom real Ray reports as idle goes first. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class ScaleDownTest {
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

  @Test
  void aWorkerOnWhichAnActorLivesStays() throws IOException {
    playground.apply(
        Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml"))
            .replace("replicas: 1\n", "replicas: 2\n"));
    playground.awaitTrue("hello", ConditionTypes.READY);
    List<Pod> workers =
        playground.workers("hello").stream()
            .sorted(
                Comparator.<Pod, String>comparing(pod -> pod.getMetadata().getCreationTimestamp())
                    .thenComparing(
                        pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX)))
            .toList();
    // Without Ray's word it would be the one to go: it is the last that was made.
    String busy = workers.getLast().getMetadata().getName();
    new RayHead(playground, "hello").startActorOn(busy);

    playground.patch(
        "hello",
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": 1}]");

    Playground.await()
        .until(() ->
            playground.workers("hello").stream().filter(pod -> !pod.isMarkedForDeletion()).count()
                == 1);
    assertThat(playground.workers("hello"))
        .filteredOn(pod -> !pod.isMarkedForDeletion())
        .extracting(pod -> pod.getMetadata().getName())
        .containsExactly(busy);
  }
}
