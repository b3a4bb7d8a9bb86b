package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples with real Ray in real containers. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class RealRayTest {
  private static final Path EXAMPLES = Testbed.ROOT.resolve("examples");

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
  void aJobRunsOnTheWorkerOfTheFirstExample() throws IOException {
    playground.apply(Files.readString(EXAMPLES.resolve("raycluster.yaml")));
    playground.awaitTrue("hello", ConditionTypes.READY);

    String job =
        new RayHead(playground, "hello")
            .bash(
                Files.readString(EXAMPLES.resolve("hello_cluster.py")),
                "cat >/tmp/job.py && ray job submit --address http://127.0.0.1:8265 -- python /tmp/job.py");

    Pod worker = playground.workers("hello").getFirst();
    assertThat(job)
        .contains("20 tasks ran on:")
        .contains(worker.getMetadata().getName() + ": 20")
        .contains("succeeded");
  }

  @Test
  void aTaskWithAGpuRunsOnTheNodeThatHasIt() throws IOException {
    playground.apply(Files.readString(EXAMPLES.resolve("raycluster-gpu.yaml")));
    playground.awaitTrue("hello-gpu", ConditionTypes.READY);
    Pod worker = playground.workers("hello-gpu").getFirst();
    assertThat(worker.getSpec().getNodeName()).isEqualTo("t4");

    String task =
        new RayHead(playground, "hello-gpu")
            .python(
                """
                import os, ray, socket
                ray.init(logging_level="ERROR")

                @ray.remote(num_gpus=1)
                def where():
                    return socket.gethostname(), os.environ["CUDA_VISIBLE_DEVICES"]

                print("GPU task on", *ray.get(where.remote()))
                """);

    assertThat(task).contains("GPU task on " + worker.getMetadata().getName() + " 0");
  }
}
