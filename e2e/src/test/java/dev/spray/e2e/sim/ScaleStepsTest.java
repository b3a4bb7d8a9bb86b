package dev.spray.e2e.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ray's autoscaler, a user and the operator write to one object, each its own fields. */
@Tag("sim")
@ExtendWith(SimTestbed.class)
class ScaleStepsTest {
  private static final int STEPS = 1_000;
  private static final int MOST_WORKERS = 6;
  private static final int MOST_MANAGERS = 4;

  private final Random random = new Random(20260301);
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
  void noStepAndNoChangeOfTheUserIsLost() throws InterruptedException, ExecutionException {
    applyAsUser(0);
    AtomicBoolean scaling = new AtomicBoolean(true);
    int applied;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> user = threads.submit(() -> changeAllTheTime(scaling));
      try {
        for (int step = 0; step < STEPS; step++) {
          scale(random.nextInt(MOST_WORKERS + 1));
        }
      } finally {
        scaling.set(false);
      }
      applied = user.get();
    }

    int wanted = group().replicas();
    Playground.await().untilAsserted(() -> assertThat(playground.workers("c")).hasSize(wanted));
    playground.awaitTrue("c", ConditionTypes.READY);
    RayCluster cluster = playground.cluster("c");
    assertThat(step(cluster)).isEqualTo(applied);
    assertThat(cluster.getMetadata().getManagedFields()).hasSizeLessThanOrEqualTo(MOST_MANAGERS);
    System.out.printf("%d scale steps beside %d applies of a user%n", STEPS, applied);
  }

  /**
   * One step of Ray's autoscaler: it waits until the workers that it named are gone, and patches by
   * the place of the group.
   */
  private void scale(int wanted) {
    WorkerGroupSpec group = group();
    Playground.await().until(() -> workers().stream().noneMatch(group.workersToDelete()::contains));
    List<String> workers = workers();
    int replicas = group.replicas() == null ? 0 : group.replicas();
    int surplus = Math.clamp(replicas - wanted, 0, workers.size());
    List<String> named = workers.subList(0, surplus);
    int target = wanted < replicas ? replicas - surplus : wanted;

    playground.patch(
        "c",
        PatchType.JSON,
        """
        [{"op": "replace", "path": "/spec/workerGroupSpecs/0/replicas", "value": %d},
         {"op": "replace", "path": "/spec/workerGroupSpecs/0/scaleStrategy",
          "value": {"workersToDelete": %s}}]
        """
            .formatted(target, Serialization.asJson(named)));

    assertThat(group().replicas()).as("replicas, patched").isEqualTo(target);
    assertThat(group().workersToDelete()).as("workersToDelete, patched").isEqualTo(named);
  }

  /** Names of the workers that are not on their way out. */
  private List<String> workers() {
    return playground.workers("c").stream()
        .filter(pod -> !pod.isMarkedForDeletion())
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private int changeAllTheTime(AtomicBoolean scaling) {
    int step = 0;
    while (scaling.get()) {
      step++;
      applyAsUser(step);
      assertThat(step(playground.cluster("c"))).as("what the user applied").isEqualTo(step);
    }
    return step;
  }

  /** As a user or Argo CD do it, who leave the number of workers to the autoscaler. */
  private void applyAsUser(int step) {
    String manifest =
        Manifests.autoscaled("c", 0)
            .replace("    replicas: 0\n", "")
            .replace(
                "        - name: ray-worker\n",
                "        - name: ray-worker\n          env: [{name: STEP, value: \"%d\"}]\n"
                    .formatted(step));
    GenericKubernetesResource cluster =
        Serialization.unmarshal(manifest, GenericKubernetesResource.class);
    var _ =
        playground
            .admin()
            .genericKubernetesResources("ray.io/v1", "RayCluster")
            .inNamespace(playground.namespace())
            .resource(cluster)
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("user")
                    .build());
  }

  private WorkerGroupSpec group() {
    return playground.cluster("c").getSpec().workerGroupSpecs().getFirst();
  }

  private static int step(RayCluster cluster) {
    WorkerGroupSpec group = cluster.getSpec().workerGroupSpecs().getFirst();
    return group.template().getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals("STEP"))
        .map(EnvVar::getValue)
        .map(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }
}
