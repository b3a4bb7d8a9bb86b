package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest of ten lines, and real Ray. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class PlatformTest {
  private static final String RESOURCES =
      """
      import ray
      ray.init(address="auto", logging_level="ERROR")
      print("GPUs", ray.cluster_resources().get("GPU"))
      """;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.platform(Playground.SMALL);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"t4", "a100"})
  void aShortManifestIsAClusterWithAGpu(String type) {
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: my-cluster
        spec:
          platform:
            groups:
            - groupName: worker
              accelerator: {type: %s, count: 1}
        """
            .formatted(type));
    playground.awaitTrue("my-cluster", ConditionTypes.READY);

    Pod worker = playground.workers("my-cluster").getFirst();
    assertThat(worker.getSpec().getNodeName()).isEqualTo(type);
    assertThat(new RayHead(playground, "my-cluster").python(RESOURCES)).contains("GPUs 1.0");

    Playground.await()
        .untilAsserted(() -> {
          var told = playground.cluster("my-cluster").getStatus().platform();
          assertThat(told.head().imagePullSeconds()).isNotNegative();
          assertThat(told.groups().getFirst().imagePullSeconds()).isNotNegative();
        });
  }

  @Test
  void aGpuTaskStartsTheFirstWorkerOfAnAutoscaledGroup() {
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: my-cluster
        spec:
          platform:
            groups:
            - {groupName: worker, minReplicas: 0, maxReplicas: 1, accelerator: {type: t4}}
        """);
    playground.awaitTrue("my-cluster", ConditionTypes.READY);
    assertThat(playground.workers("my-cluster")).isEmpty();

    String task =
        new RayHead(playground, "my-cluster")
            .python(
                """
                import ray, socket
                ray.init(address="auto", logging_level="ERROR")

                @ray.remote(num_gpus=1)
                def where():
                    return socket.gethostname()

                print("ran on", ray.get(where.remote()))
                """);

    assertThat(task).contains("ran on my-cluster-worker-");
  }
}
