package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** State of a GCS in Redis, which outlives its head, and in time goes with its cluster. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class GcsFaultToleranceTest {
  private static final String REDIS = Manifests.withRedis(Manifests.cluster("c", 2));

  private Testbed testbed;
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theFinalizerIsThereBeforeTheFirstPod() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);

    assertThat(finalizers()).containsExactly(RayLabels.REDIS_FINALIZER);
    Playground.await()
        .untilAsserted(() -> {
          List<Audit.Request> requests = Audit.requests(testbed, playground);
          Instant finalizer = first(requests, "patch", "rayclusters");
          assertThat(finalizer).isBefore(first(requests, "create", "pods"));
          assertThat(requests).allMatch(request -> request.code() < 300);
        });
  }

  @Test
  void podsThenStateThenTheClusterItself() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);
    Pod head = playground.heads("c").getFirst();

    delete();

    Job job = Playground.await().until(this::job, found -> found != null);
    assertThat(playground.pods()).as("when the Job comes").isEmpty();
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .extracting(OwnerReference::getBlockOwnerDeletion)
        .isEqualTo(false);
    assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .containsAll(
            head.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().matches("RAY_(REDIS|external).*"))
                .toList());
    assertThat(finalizers()).containsExactly(RayLabels.REDIS_FINALIZER);

    end(job, "Complete", "SuccessCriteriaMet");
    Playground.await().until(() -> playground.cluster("c") == null);
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.eventReasons())
                .containsOnlyOnce("DeletedPod", "CreatedRedisCleanupJob", "CleanedUpRedis"));
  }

  /** The namesake of a deleted cluster is made although the watch tells of both at once. */
  @Test
  void theNextClusterOfTheNameIsCarriedOut() {
    for (int i = 0; i < 3; i++) {
      playground.apply(REDIS);
      Playground.await().until(() -> playground.pods().size() == 3);
      delete();
      Job job = Playground.await().until(this::job, found -> found != null);
      end(job, "Failed", "FailureTarget");
      Playground.await().until(() -> playground.cluster("c") == null);
      collectGarbage();
    }
  }

  @Test
  void aSuspendedClusterKeepsItsState() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);
    String namespace = storageNamespace();

    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": true}}");
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(job()).isNull();
    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": false}}");
    Playground.await().until(() -> playground.pods().size() == 3);

    assertThat(storageNamespace()).isEqualTo(namespace);
    assertThat(finalizers()).containsExactly(RayLabels.REDIS_FINALIZER);
  }

  @Test
  void whatTakesTooLongIsLetGo() {
    playground.apply(
        REDIS.replace(
            "  name: c\n",
            "  name: c\n  annotations: {%s: \"3\"}\n".formatted(RayLabels.FT_DELETION_TIMEOUT)));
    Playground.await().until(() -> playground.pods().size() == 3);

    delete();

    Playground.await().until(() -> playground.cluster("c") == null);
    Playground.await()
        .untilAsserted(
            () -> assertThat(playground.eventReasons()).contains("ForceDeletedStuckCluster"));
  }

  @Test
  void whatHoldsTheDeletionUpIsToldOnce() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);
    playground
        .admin()
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("no-jobs")
                .withNamespace(playground.namespace())
                .endMetadata()
                .withNewSpec()
                .addToHard("count/jobs.batch", new Quantity("0"))
                .endSpec()
                .build())
        .create();
    playground
        .admin()
        .resourceQuotas()
        .inNamespace(playground.namespace())
        .withName("no-jobs")
        .editStatus(quota ->
            quota
                .edit()
                .withNewStatus()
                .addToHard("count/jobs.batch", quota.getSpec().getHard().get("count/jobs.batch"))
                .addToUsed("count/jobs.batch", quota.getSpec().getHard().get("count/jobs.batch"))
                .endStatus()
                .build());

    delete();

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(
                    condition -> assertThat(condition.getMessage()).contains("quota: no-jobs")));
    Playground.await()
        .until(() ->
            Audit.requests(testbed, playground).stream()
                    .filter(r -> r.resource().equals("jobs") && r.code() == 403)
                    .count()
                > 2);
    assertThat(Collections.frequency(playground.eventReasons(), "FailedToCreateRedisCleanupJob"))
        .isEqualTo(1);
    playground.admin().resourceQuotas().inNamespace(playground.namespace()).delete();
    Playground.await().until(() -> job() != null);
  }

  /** No Job can be made there any more, and the namespace waits for the cluster. */
  @Test
  void aNamespaceThatIsDeletedIsNotHeldUp() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);

    playground.admin().namespaces().withName(playground.namespace()).delete();
    delete();

    Playground.await().until(() -> playground.cluster("c") == null);
    assertThat(job()).isNull();
  }

  /** The finalizer of a deletion in the foreground is the garbage collector's. */
  @Test
  void aDeletionInTheForegroundCleansUpToo() {
    playground.apply(REDIS);
    Playground.await().until(() -> playground.pods().size() == 3);

    playground
        .admin()
        .resource(playground.cluster("c"))
        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
        .delete();

    end(
        Playground.await().until(this::job, found -> found != null),
        "Complete",
        "SuccessCriteriaMet");
    Playground.await()
        .untilAsserted(() -> assertThat(finalizers()).containsExactly("foregroundDeletion"));
  }

  private static Instant first(List<Audit.Request> requests, String verb, String resource) {
    return requests.stream()
        .filter(request -> request.verb().equals(verb) && request.resource().equals(resource))
        .findFirst()
        .orElseThrow()
        .at();
  }

  /** There is nobody who does. */
  private void collectGarbage() {
    String namespace = playground.namespace();
    playground.admin().batch().v1().jobs().inNamespace(namespace).delete();
    playground.admin().services().inNamespace(namespace).delete();
    playground.admin().pods().inNamespace(namespace).withGracePeriod(0).delete();
    Playground.await().until(() -> playground.pods().isEmpty() && job() == null);
  }

  private void delete() {
    playground.admin().resource(playground.cluster("c")).delete();
  }

  private List<String> finalizers() {
    return playground.cluster("c").getMetadata().getFinalizers();
  }

  private String storageNamespace() {
    return playground
        .heads("c")
        .getFirst()
        .getMetadata()
        .getAnnotations()
        .get(RayLabels.STORAGE_NAMESPACE);
  }

  private Job job() {
    return playground
        .admin()
        .batch()
        .v1()
        .jobs()
        .inNamespace(playground.namespace())
        .withName("c-redis-cleanup")
        .get();
  }

  /** Plays the Job's controller, of which there is none. */
  private void end(Job job, String condition, String before) {
    String now = Instant.now().toString();
    JobStatusBuilder status = new JobStatusBuilder().withStartTime(now);
    if (condition.equals("Complete")) {
      status.withCompletionTime(now);
    }
    for (String type : List.of(before, condition)) {
      status
          .addNewCondition()
          .withType(type)
          .withStatus("True")
          .withLastProbeTime(now)
          .withLastTransitionTime(now)
          .endCondition();
    }
    JobStatus ended = status.build();
    playground
        .admin()
        .resource(job)
        .editStatus(old -> {
          old.setStatus(ended);
          return old;
        });
  }
}
