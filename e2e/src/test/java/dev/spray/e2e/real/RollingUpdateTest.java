package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A group is replaced under a running Ray job. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class RollingUpdateTest {
  /**
   * Tasks that can't be repeated, each longer than the 30 s that Kubernetes gives a pod by default
   * and than Ray drains by default. Their results are small and go to who waits for them; large
   * ones stay where they were made, and are lost with it.
   */
  private static final String JOB =
      """
      import os, ray, socket, time
      ray.init(logging_level="ERROR")

      @ray.remote(num_cpus=1, max_retries=0)
      def work(i):
          time.sleep(40)
          return socket.gethostname(), i, bytes(1_000)

      done, hosts = 0, set()
      while not os.path.exists("/tmp/enough"):
          results = ray.get([work.remote(done + i) for i in range(4)])
          assert [r[1] for r in results] == [done + i for i in range(4)]
          hosts |= {r[0] for r in results}
          done += 4
      print(done, "tasks done, none lost, on", *sorted(hosts))
      """;

  private static final String RAY_JOB = "RAY_ADDRESS=http://127.0.0.1:8265 ray job ";

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
  void aRunningJobLosesNoTask() throws IOException {
    String manifest =
        Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml"))
            .replace("replicas: 1\n", "replicas: 2\n")
            .replace("rayStartParams: {}", "rayStartParams: {num-cpus: \"2\"}")
            .replace("  rayVersion:", "  upgradeStrategy: {type: RollingUpdate}\n  rayVersion:");
    playground.apply(manifest);
    playground.awaitTrue("hello", ConditionTypes.READY);
    Set<String> before = uids(playground.workers("hello"));
    Set<String> head = uids(playground.heads("hello"));
    RayHead ray = new RayHead(playground, "hello");

    ray.bash(
        JOB,
        "cat >/tmp/job.py && "
            + RAY_JOB
            + "submit --no-wait --submission-id job -- python /tmp/job.py");
    RayHead.await().until(() -> ray.runningTasks() == 4);
    playground.apply(Manifests.changed(manifest));

    Set<String> seen = new HashSet<>();
    Playground.await()
        .atMost(Duration.ofMinutes(15))
        .until(() -> {
          Set<String> workers = uids(playground.workers("hello"));
          assertThat(workers).hasSizeLessThanOrEqualTo(3);
          seen.addAll(workers);
          return workers.size() == 2 && workers.stream().noneMatch(before::contains);
        });
    assertThat(ray.bash("", RAY_JOB + "status job && " + RAY_JOB + "logs job"))
        .as("the job, which runs all through it")
        .contains("RUNNING");
    ray.bash("", "touch /tmp/enough");
    Playground.await()
        .untilAsserted(() ->
            assertThat(ray.bash("", RAY_JOB + "status job")).containsIgnoringCase("succeeded"));
    String told = ray.bash("", RAY_JOB + "logs job");
    System.out.println(told.strip());
    assertThat(told).contains("none lost");
    playground.awaitTrue("hello", ConditionTypes.READY);
    assertThat(uids(playground.heads("hello"))).isEqualTo(head);
    assertThat(seen).as("no worker was made for nothing").hasSize(4);
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream().map(Pod::getMetadata).map(ObjectMeta::getUid).collect(Collectors.toSet());
  }
}
