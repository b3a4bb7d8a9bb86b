package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ray's own autoscaler, beside the head, with the rights that the operator gives it. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class AutoscalerTest {
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
  void aWorkerComesForATaskAndGoesWhenIdle() {
    playground.apply(Manifests.elastic("", 2));
    playground.awaitTrue("elastic", ConditionTypes.READY);
    assertThat(playground.workers("elastic")).isEmpty();

    String output =
        new RayHead(playground, "elastic")
            .python(
                """
                import ray, socket
                ray.init(logging_level="ERROR")

                @ray.remote(num_cpus=1)
                def where():
                    return socket.gethostname()

                print("The task ran on", ray.get(where.remote()))
                """);

    assertThat(output).contains("The task ran on elastic-small-");
    Playground.await().until(() -> playground.workers("elastic").isEmpty());
    playground.awaitTrue("elastic", ConditionTypes.READY);
    assertThat(playground.cluster("elastic").getSpec().workerGroupSpecs().getFirst().replicas())
        .isZero();
  }
}
