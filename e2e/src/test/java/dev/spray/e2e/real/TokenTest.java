package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real Ray asks for the cluster's token, and everything of ours that speaks to it has it. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class TokenTest {
  private static final String TOKEN = "authOptions: {mode: token}";
  private static final String SUBMIT =
      "ray job submit --address http://hello-head-svc:8265 -- python -c 'print(6 * 7, \"is it\")'";

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

  /** Workers came through their init container, and the probes of all pods have passed. */
  @Test
  void aJobGetsInWithTheTokenAndNotWithout() throws IOException {
    playground.apply(
        Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml"))
            .replace("  rayVersion", "  " + TOKEN + "\n  rayVersion")
            .replace("replicas: 1\n", "replicas: 2\n"));
    playground.awaitTrue("hello", ConditionTypes.READY);

    assertThat(onWorker(SUBMIT)).contains("42 is it", "succeeded");
    assertThat(onWorker("unset RAY_AUTH_MODE RAY_AUTH_TOKEN; " + SUBMIT + " || echo refused"))
        .contains("refused")
        .containsAnyOf("401", "Unauthorized", "uthentication")
        .doesNotContain("42 is it");
    assertThat(onWorker("export RAY_AUTH_TOKEN=guessed; " + SUBMIT + " || echo refused"))
        .contains("refused")
        .containsAnyOf("403", "Forbidden", "uthentication")
        .doesNotContain("42 is it");

    whomRayReportsAsIdleGoesFirst();
  }

  /** So the operator got in too: without Ray's word the last that was made would go. */
  private void whomRayReportsAsIdleGoesFirst() {
    String busy =
        playground.workers("hello").stream()
            .max(
                Comparator.<Pod, String>comparing(pod -> pod.getMetadata().getCreationTimestamp())
                    .thenComparing(
                        pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX)))
            .orElseThrow()
            .getMetadata()
            .getName();
    new RayHead(playground, "hello").startActorOn(busy);

    playground.patch(
        "hello",
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": 1}]");

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.workers("hello"))
                .filteredOn(pod -> !pod.isMarkedForDeletion())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly(busy));
  }

  @Test
  void theAutoscalerGetsIn() {
    playground.apply(Manifests.elastic(TOKEN, 2));
    playground.awaitTrue("elastic", ConditionTypes.READY);

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
  }

  /** Runs a command as a user of the cluster would, beside the head and not on it. */
  private String onWorker(String command) {
    String worker = playground.workers("hello").getFirst().getMetadata().getName();
    Kubectl.Result result =
        playground.kubectl("", "exec", "-q", worker, "--", "bash", "-c", command + " 2>&1");
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }
}
