package dev.spray.operator.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.resources.Child;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingTest {
  private static final Map<String, String> GANG = Map.of("ray.io/gang-scheduling-enabled", "true");

  @Test
  void withoutABatchSchedulerPodsAreAsTheyAre() {
    RayCluster cluster = cluster(GANG);
    Pod pod = RayPod.head(cluster, Pods.SETTINGS);

    assertThat(of(BatchScheduler.NONE, cluster).mark(pod)).isEqualTo(pod);
    assertThat(of(BatchScheduler.NONE, cluster).children()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "volcano, volcano",
    "yunikorn, yunikorn",
    "scheduler-plugins, scheduler-plugins-scheduler",
    "kai-scheduler, kai-scheduler"
  })
  void podsNameTheirScheduler(String option, String name) {
    Pod head = head(BatchScheduler.named(option).orElseThrow(), cluster(Map.of()));

    assertThat(head.getSpec().getSchedulerName()).isEqualTo(name);
  }

  @Test
  void anUnknownNameIsNone() {
    assertThat(BatchScheduler.named("slurm")).isEmpty();
    assertThat(BatchScheduler.named("")).contains(BatchScheduler.NONE);
    assertThat(BatchScheduler.names())
        .containsExactly("volcano", "yunikorn", "scheduler-plugins", "kai-scheduler");
  }

  @Test
  void podsOfVolcanoCarryQueuePriorityAndGroup() {
    RayCluster cluster =
        cluster(Map.of("volcano.sh/queue-name", "ml", "ray.io/priority-class-name", "high"));
    Pod head = head(BatchScheduler.VOLCANO, cluster);

    assertThat(head.getMetadata().getLabels())
        .containsEntry("volcano.sh/queue-name", "ml")
        .containsEntry("ray.io/priority-class-name", "high");
    assertThat(head.getMetadata().getAnnotations())
        .containsEntry("scheduling.k8s.io/group-name", "ray-demo-pg")
        .containsEntry("volcano.sh/task-spec", "headgroup");
  }

  @Test
  void thePodGroupOfVolcanoHasAllWantedPods() {
    RayCluster cluster =
        cluster(
            Map.of(
                "volcano.sh/queue-name", "ml",
                "ray.io/priority-class-name", "high",
                "volcano.sh/network-topology-mode", "hard",
                "volcano.sh/network-topology-highest-tier-allowed", "2"));
    JsonNode group = podGroup(BatchScheduler.VOLCANO, cluster);

    assertThat(group.at("/metadata/name").asText()).isEqualTo("ray-demo-pg");
    assertThat(group.at("/metadata/labels").toString()).isEqualTo("{\"ray.io/cluster\":\"demo\"}");
    assertThat(group.at("/spec/minMember").asInt()).isEqualTo(4);
    assertThat(group.at("/spec/queue").asText()).isEqualTo("ml");
    assertThat(group.at("/spec/priorityClassName").asText()).isEqualTo("high");
    assertThat(group.at("/spec/networkTopology").toString())
        .isEqualTo("{\"mode\":\"hard\",\"highestTierAllowed\":2}");
  }

  /** The sidecar that the autoscaler is, too. */
  @Test
  void ofAnAutoscaledClusterTheLeastOfItBelongsTogether() {
    RayCluster plain = Clusters.named("demo").build();
    RayCluster scaled =
        Clusters.named("demo")
            .group("small", 3, "minReplicas: 1")
            .with("enableInTreeAutoscaling: true")
            .build();

    JsonNode alone = podGroup(BatchScheduler.VOLCANO, plain).at("/spec");
    JsonNode gang = podGroup(BatchScheduler.VOLCANO, scaled).at("/spec");

    assertThat(alone.at("/minMember").asInt()).isEqualTo(1);
    assertThat(alone.at("/minResources/cpu").asText()).isEqualTo("2");
    assertThat(alone.at("/minResources/memory").asText()).isEqualTo("4Gi");
    assertThat(gang.at("/minMember").asInt()).isEqualTo(2);
    // Head, 500m and 1Gi for a worker, 500m and 512Mi for the autoscaler.
    assertThat(gang.at("/minResources/cpu").asText()).isEqualTo("3");
    assertThat(gang.at("/minResources/memory").asText()).isEqualTo("5632Mi");
  }

  @Test
  void aRayJobHasAPodGroupOfItsOwn() {
    RayCluster cluster =
        cluster(
            Map.of(
                RayLabels.ORIGINATED_FROM_CRD, "RayJob", RayLabels.ORIGINATED_FROM_NAME, "train"));

    assertThat(of(BatchScheduler.VOLCANO, cluster).children()).isEmpty();
    assertThat(head(BatchScheduler.VOLCANO, cluster).getMetadata().getAnnotations())
        .containsEntry("scheduling.k8s.io/group-name", "ray-train-pg");
  }

  @Test
  void coschedulingIsAskedForByALabel() {
    assertThat(of(BatchScheduler.SCHEDULER_PLUGINS, cluster(Map.of())).children()).isEmpty();
    assertThat(head(BatchScheduler.SCHEDULER_PLUGINS, cluster(Map.of())).getMetadata().getLabels())
        .doesNotContainKey("scheduling.x-k8s.io/pod-group");

    assertThat(head(BatchScheduler.SCHEDULER_PLUGINS, cluster(GANG)).getMetadata().getLabels())
        .containsEntry("scheduling.x-k8s.io/pod-group", "demo");
    JsonNode group = podGroup(BatchScheduler.SCHEDULER_PLUGINS, cluster(GANG));
    assertThat(group.at("/metadata/name").asText()).isEqualTo("demo");
    assertThat(group.at("/spec/minMember").asInt()).isEqualTo(4);
  }

  @Test
  void podsOfYuniKornCarryApplicationAndQueue() {
    RayCluster cluster =
        cluster(
            Map.of("yunikorn.apache.org/app-id", "app", "yunikorn.apache.org/queue", "root.ml"));
    Pod head = head(BatchScheduler.YUNIKORN, cluster);

    assertThat(head.getMetadata().getLabels())
        .containsEntry("applicationId", "app")
        .containsEntry("queue", "root.ml");
    assertThat(head.getMetadata().getAnnotations())
        .doesNotContainKey("yunikorn.apache.org/task-groups");
    assertThat(of(BatchScheduler.YUNIKORN, cluster).children()).isEmpty();
  }

  @Test
  void aGangOfYuniKornIsDescribedOnEveryPod() {
    Pod head = head(BatchScheduler.YUNIKORN, cluster(GANG));
    JsonNode groups =
        Serialization.unmarshal(
            head.getMetadata().getAnnotations().get("yunikorn.apache.org/task-groups"),
            JsonNode.class);

    assertThat(head.getMetadata().getAnnotations())
        .containsEntry("yunikorn.apache.org/task-group-name", "headgroup");
    assertThat(groups.findValuesAsText("name")).containsExactly("headgroup", "small");
    assertThat(groups.at("/0/minMember").asInt()).isEqualTo(1);
    assertThat(groups.at("/0/minResource/cpu").asText()).isEqualTo("2");
  }

  @Test
  void podsOfKaiCarryTheQueue() {
    assertThat(
            head(BatchScheduler.KAI, cluster(Map.of("kai.scheduler/queue", "team-a")))
                .getMetadata()
                .getLabels())
        .containsEntry("kai.scheduler/queue", "team-a");
  }

  private static RayCluster cluster(Map<String, String> labels) {
    RayCluster cluster = Clusters.named("demo").group("small", 3).build();
    cluster.getMetadata().setLabels(labels);
    return cluster;
  }

  private static Scheduling of(BatchScheduler scheduler, RayCluster cluster) {
    return new Scheduling(scheduler, cluster, Pods.SETTINGS, pod -> pod);
  }

  private static Pod head(BatchScheduler scheduler, RayCluster cluster) {
    return of(scheduler, cluster).mark(RayPod.head(cluster, Pods.SETTINGS));
  }

  private static JsonNode podGroup(BatchScheduler scheduler, RayCluster cluster) {
    HasMetadata group =
        of(scheduler, cluster).children().stream().map(Child::object).findFirst().orElseThrow();
    return Serialization.unmarshal(Serialization.asJson(group), JsonNode.class);
  }
}
