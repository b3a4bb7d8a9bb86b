package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.scheduling.CoschedulingPodGroup;
import dev.spray.api.scheduling.VolcanoPodGroup;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What schedulers of whole groups find; their CRDs are here as far as they are written to. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class BatchSchedulerTest {
  private static final String GANG = "ray.io/gang-scheduling-enabled: \"true\"";

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void thePodGroupOfVolcanoFollowsTheCluster() throws IOException {
    install("volcano");
    start("volcano");
    playground.apply(labelled("volcano.sh/queue-name: ml", 2));

    Playground.await().until(() -> playground.pods().size() == 3);
    assertThat(playground.pods())
        .allSatisfy(pod -> {
          assertThat(pod.getSpec().getSchedulerName()).isEqualTo("volcano");
          assertThat(pod.getMetadata().getLabels()).containsEntry("volcano.sh/queue-name", "ml");
          assertThat(pod.getMetadata().getAnnotations())
              .containsEntry("scheduling.k8s.io/group-name", "ray-c-pg");
        });
    assertThat(volcano().orElseThrow().getSpec().minMember()).isEqualTo(3);
    assertThat(volcano().orElseThrow().getSpec().queue()).isEqualTo("ml");

    playground.patch(
        "c",
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": 4}]");
    Playground.await().until(() -> volcano().orElseThrow().getSpec().minMember() == 5);

    playground.admin().resource(volcano().orElseThrow()).delete();
    Playground.await().until(() -> volcano().isPresent());

    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": true}}");
    Playground.await().until(() -> playground.pods().isEmpty() && volcano().isEmpty());
    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": false}}");
    Playground.await().until(() -> playground.pods().size() == 5 && volcano().isPresent());
  }

  @Test
  void aGroupOfCoschedulingIsThereAsLongAsItIsAskedFor() throws IOException {
    install("scheduler-plugins");
    start("scheduler-plugins");
    playground.apply(labelled(GANG, 1));

    Playground.await().until(() -> playground.pods().size() == 2);
    assertThat(playground.pods())
        .extracting(pod -> pod.getMetadata().getLabels().get("scheduling.x-k8s.io/pod-group"))
        .containsOnly("c");
    assertThat(coscheduling().orElseThrow().getSpec().minMember()).isEqualTo(2);

    playground.patch(
        "c",
        PatchType.JSON_MERGE,
        "{\"metadata\": {\"labels\": {\"ray.io/gang-scheduling-enabled\": null}}}");
    Playground.await().until(() -> coscheduling().isEmpty());
  }

  /** The operator must neither wait for it nor end. */
  @Test
  void aClusterWaitsForACrdThatIsNotThereYet() throws IOException {
    remove("podgroups.scheduling.volcano.sh");
    start("volcano");
    playground.apply(labelled("a: b", 1));

    playground.awaitTrue("c", ConditionTypes.REPLICA_FAILURE);
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE).orElseThrow().getMessage())
        .contains("knows no PodGroup of scheduling.volcano.sh/v1beta1: install the scheduler");
    assertThat(playground.pods()).isEmpty();

    install("volcano");
    Playground.await().until(() -> playground.pods().size() == 2 && volcano().isPresent());
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);

    // It is watched by now.
    playground.admin().resource(volcano().orElseThrow()).delete();
    Playground.await().until(() -> volcano().isPresent());
  }

  @Test
  void schedulersWithoutPodGroupsFindThePodsAlone() {
    start("yunikorn");
    playground.apply(labelled(GANG, 1));

    Playground.await().until(() -> playground.pods().size() == 2);
    for (Pod pod : playground.pods()) {
      assertThat(pod.getSpec().getSchedulerName()).isEqualTo("yunikorn");
      assertThat(pod.getMetadata().getAnnotations().get("yunikorn.apache.org/task-groups"))
          .startsWith("[{\"name\":\"headgroup\",\"minMember\":1,");
    }
  }

  /** PodGroups are among the operator's rights only where the chart is told of their scheduler. */
  private void start(String name) {
    playground.scheduler(BatchScheduler.named(name).orElseThrow());
    playground.startOperator(
        playground.operatorConfig("sp-ray-operator-" + name, "batchScheduler.name=" + name),
        RayOperator::new);
  }

  private static String labelled(String label, int workers) {
    return Manifests.cluster("c", workers)
        .replace("  name: c\n", "  name: c\n  labels: {%s}\n".formatted(label));
  }

  private void install(String scheduler) throws IOException {
    String crd =
        Files.readString(
            Testbed.ROOT.resolve("e2e/src/test/resources/schedulers/" + scheduler + ".yaml"));
    playground.apply(crd);
    Playground.await()
        .until(() ->
            playground.kubectl(crd, "wait", "--for=condition=Established", "-f", "-").exitCode()
                == 0);
  }

  private void remove(String crd) {
    var _ = playground.kubectl("", "delete", "crd", crd, "--ignore-not-found", "--wait");
  }

  private Optional<VolcanoPodGroup> volcano() {
    return find(VolcanoPodGroup.class, "ray-c-pg");
  }

  private Optional<CoschedulingPodGroup> coscheduling() {
    return find(CoschedulingPodGroup.class, "c");
  }

  private <R extends HasMetadata> Optional<R> find(Class<R> kind, String name) {
    return Optional.ofNullable(
        playground
            .admin()
            .resources(kind)
            .inNamespace(playground.namespace())
            .withName(name)
            .get());
  }
}
