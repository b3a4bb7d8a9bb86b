package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolveTest {
  private static final PlatformConfiguration GKE = ConfigurationFile.shipped(ConfigurationFile.GKE);
  private static final PlatformConfiguration SMALL =
      ConfigurationFile.shipped(ConfigurationFile.SMALL);

  @Test
  void anEmptyPlatformIsAHeadAlone() {
    Resolution.Resolved resolved = resolved("{}", GKE);

    assertThat(resolved.groups()).isEmpty();
    assertThat(resolved.rayVersion()).isEqualTo("2.60.0");
    assertThat(requests(resolved.head().template().getSpec(), "cpu")).isEqualTo("15");
    assertThat(requests(resolved.head().template().getSpec(), "memory")).isEqualTo("48Gi");
    assertThat(limits(resolved.head().template().getSpec())).containsExactly("memory");
  }

  @ParameterizedTest
  @CsvSource({
    "t4, 1, 15, 48Gi, nvidia-tesla-t4",
    "nvidia-tesla-t4, 2, 30, 96Gi, nvidia-tesla-t4",
    "l4, 1, 15, 48Gi, nvidia-l4",
    "a100, 1, 11, 68Gi, nvidia-tesla-a100",
    "a100-40gb, 16, 88, 1088Gi, nvidia-tesla-a100",
    "a100-80gb, 1, 11, 144Gi, nvidia-a100-80gb",
    "h100, 1, 25, 200Gi, nvidia-h100-80gb",
    "h100, 8, 200, 1700Gi, nvidia-h100-80gb"
  })
  void aGpuWorkerGetsWhatFitsItsMachine(
      String type, int count, String cpu, String memory, String label) {
    PodSpec pod =
        pod(
            resolved(
                    "{groups: [{groupName: w, accelerator: {type: %s, count: %d}}]}"
                        .formatted(type, count),
                    GKE)
                .groups()
                .get(0));

    assertThat(requests(pod, "cpu")).isEqualTo(cpu);
    assertThat(requests(pod, "memory")).isEqualTo(memory);
    assertThat(requests(pod, "nvidia.com/gpu")).isEqualTo(count + "");
    assertThat(limits(pod)).containsExactlyInAnyOrder("memory", "nvidia.com/gpu");
    assertThat(pod.getNodeSelector()).containsEntry("cloud.google.com/gke-accelerator", label);
    assertThat(pod.getTolerations())
        .anySatisfy(toleration -> assertThat(toleration.getKey()).isEqualTo("nvidia.com/gpu"));
  }

  @Test
  void whatTheUserSaysOfASizeStands() {
    PodSpec pod =
        pod(
            resolved(
                    "{groups: [{groupName: w, cpu: 4, accelerator: {type: a100}}],"
                        + " head: {memory: 10Gi}}",
                    GKE)
                .groups()
                .get(0));

    assertThat(requests(pod, "cpu")).isEqualTo("4");
    assertThat(requests(pod, "memory")).isEqualTo("68Gi");
  }

  @ParameterizedTest
  @CsvSource({"v6e, 4x4, 4, 4", "v6e, 2x4, 8, 1", "v5e, 16x16, 4, 64", "v4, 2x2x2, 4, 2"})
  void hostsOfATpuSliceFollowFromItsTopology(String type, String topology, int chips, int hosts) {
    WorkerGroupSpec group =
        resolved(
                "{groups: [{groupName: w, accelerator: {type: %s, topology: %s}}]}"
                    .formatted(type, topology),
                GKE)
            .groups()
            .get(0);

    assertThat(group.hosts()).isEqualTo(hosts);
    assertThat(requests(pod(group), "google.com/tpu")).isEqualTo(chips + "");
    assertThat(pod(group).getNodeSelector())
        .containsEntry("cloud.google.com/gke-tpu-topology", topology);
  }

  @Test
  void everyShippedTypeCanBeHadInEveryCountAndTopology() {
    for (PlatformConfiguration configuration : List.of(GKE, SMALL)) {
      configuration
          .accelerators()
          .forEach((name, type) -> {
            if (type.isTpu()) {
              type.topologies()
                  .keySet()
                  .forEach(topology ->
                      resolved(
                          "{groups: [{groupName: w, accelerator: {type: %s, topology: %s}}]}"
                              .formatted(name, topology),
                          configuration));
            } else {
              type.counts()
                  .forEach(count ->
                      resolved(
                          "{groups: [{groupName: w, accelerator: {type: %s, count: %d}}],"
                                  .formatted(name, count)
                              + " head: {accelerator: {type: %s, count: %d}}}"
                                  .formatted(name, count),
                          configuration));
            }
          });
    }
  }

  @Test
  void groupsWithBoundsAreAutoscaled() {
    Resolution.Resolved resolved =
        resolved("{groups: [{groupName: a, minReplicas: 0, maxReplicas: 4}, {groupName: b}]}", GKE);

    assertThat(resolved.enableInTreeAutoscaling()).isTrue();
    assertThat(resolved.autoscalerOptions().version()).isEqualTo("v2");
    assertThat(resolved.groups().get(0).desiredReplicas()).isZero();
    assertThat(resolved.groups().get(1).maxReplicas())
        .as("who names no bounds gets no more than he asks for")
        .isEqualTo(1);
    assertThat(resolved.head().template().getSpec().getVolumes())
        .anySatisfy(volume -> assertThat(volume.getName()).isEqualTo("autoscaler-token"));
    assertThat(resolved.head().template().getSpec().getContainers().get(0).getVolumeMounts())
        .as("the token is the autoscaler's alone")
        .isEmpty();
  }

  @Test
  void callersShowATokenWhereRayKnowsHowToAskForOne() {
    assertThat(resolved("{}", GKE).authOptions())
        .isEqualTo(new AuthOptions(AuthOptions.TOKEN, null, null));
    assertThat(resolved("{image: me/ray:1}", GKE).authOptions()).as("who knows").isNull();

    UserFields old =
        new UserFields(Optional.of("2.51.0"), Optional.empty(), false, false, ResolvedNote.NONE);
    assertThat(Resolve.of("demo", platform("{image: me/ray:1}"), old, GKE))
        .isInstanceOfSatisfying(
            Resolution.Resolved.class, resolved -> assertThat(resolved.authOptions()).isNull());
  }

  @Test
  void whatTheUserSaysBesideThePlatformIsLeftAlone() {
    Resolution resolution =
        Resolve.of(
            "my-cluster",
            platform("{groups: [{groupName: a, maxReplicas: 4}]}"),
            new UserFields(
                Optional.of("2.60.0"), Optional.of(false), true, true, ResolvedNote.NONE),
            GKE);

    assertThat(resolution)
        .isInstanceOfSatisfying(
            Resolution.Resolved.class,
            resolved -> {
              assertThat(resolved.rayVersion()).isNull();
              assertThat(resolved.enableInTreeAutoscaling()).isNull();
              assertThat(resolved.autoscalerOptions()).isNull();
              assertThat(resolved.authOptions()).isNull();
            });
  }

  @Test
  void whatWasWrittenBeforeIsNotTakenForTheUsers() {
    PlatformSpec platform = platform("{groups: [{groupName: a, maxReplicas: 4}]}");
    Resolution.Resolved first = resolved("{groups: [{groupName: a, maxReplicas: 4}]}", GKE);
    ResolvedNote note =
        ResolvedNote.read(ResolvedNote.of("my-cluster", platform, GKE, first).text()).orElseThrow();
    RayClusterSpec stored =
        Serialization.unmarshal(
            "---\n{rayVersion: 2.60.0, enableInTreeAutoscaling: true, autoscalerOptions: {version: v2}}",
            RayClusterSpec.class);

    UserFields user = UserFields.of(stored, note);
    assertThat(user.rayVersion()).isEmpty();
    assertThat(user.autoscaled()).isEmpty();
    assertThat(user.autoscalerOptions()).isFalse();
    assertThat(UserFields.of(stored, null).rayVersion()).contains("2.60.0");
    assertThat(note.groups().get("a")).isEqualTo(new ResolvedNote.GroupNumbers(1, 0, 4));
  }

  @Test
  void aNoteThatIsNoneIsEmpty() {
    assertThat(ResolvedNote.read("again")).isEmpty();
    assertThat(ResolvedNote.read("")).isEmpty();
    assertThat(ResolvedNote.read(null)).isEmpty();
  }

  @Test
  void anotherPlatformHasAnotherHash() {
    assertThat(ResolvedNote.hash("c", platform("{}")))
        .isEqualTo(ResolvedNote.hash("c", PlatformSpec.NOTHING))
        .isNotEqualTo(ResolvedNote.hash("c", platform("{image: ray-gpu}")));
  }

  @Test
  void capacityChoosesNodes() {
    PodSpec spot = pod(resolved("{groups: [{groupName: a, capacity: Spot}]}", GKE).groups().get(0));
    PodSpec reserved =
        pod(
            resolved("{groups: [{groupName: a, capacity: Reservation, reservation: mine}]}", GKE)
                .groups()
                .get(0));

    assertThat(spot.getNodeSelector()).containsEntry("cloud.google.com/gke-spot", "true");
    assertThat(spot.getTolerations()).hasSize(1);
    assertThat(reserved.getNodeSelector())
        .containsEntry("cloud.google.com/reservation-name", "mine");
  }

  @Test
  void aPodIsAloneOnItsNodeUnlessToldOtherwise() {
    PodSpec head = resolved("{}", GKE).head().template().getSpec();
    PodSpec other =
        resolved("{placement: {nodeIsolation: None, imageStreaming: \"Off\"}}", GKE)
            .head()
            .template()
            .getSpec();

    var terms =
        head.getAffinity().getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
    assertThat(terms).hasSize(1);
    assertThat(terms.get(0).getNamespaceSelector()).isNotNull();
    assertThat(terms.get(0).getLabelSelector().getMatchLabels())
        .containsEntry("ray.io/is-ray-node", "yes");
    assertThat(other.getAffinity()).isNull();
  }

  @Test
  void streamingNodesAreRequiredPreferredOrLeft() {
    PodSpec required =
        resolved("{placement: {imageStreaming: Required}}", GKE).head().template().getSpec();
    PodSpec preferred = resolved("{}", GKE).head().template().getSpec();
    PodSpec classed =
        resolved("{placement: {computeClass: ml-gpu}}", GKE).head().template().getSpec();

    assertThat(required.getNodeSelector())
        .containsEntry("cloud.google.com/gke-image-streaming", "true");
    assertThat(preferred.getNodeSelector()).isNullOrEmpty();
    assertThat(preferred.getAffinity().getNodeAffinity()).isNotNull();
    assertThat(classed.getNodeSelector()).containsEntry("cloud.google.com/compute-class", "ml-gpu");
    assertThat(classed.getAffinity().getNodeAffinity()).as("the class decides").isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{image: ghcr.io/me/ray:1}|1",
        "{image: ghcr.io/me/ray:1, groups: [{groupName: w}]}|1",
        "{image: ghcr.io/me/ray:1, placement: {imageStreaming: \"Off\"}}|0",
        "{image: ghcr.io/me/ray:1, placement: {computeClass: unknown}}|0",
        "{image: me/ray:1}|0",
        "{groups: [{groupName: w, accelerator: {type: t4}}]}|0"
      })
  void anImageThatCannotBeStreamedIsDoubtedWhereItsNodesAreToStream(String platform, int doubts) {
    assertThat(resolved(platform, GKE).warnings()).hasSize(doubts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{groups: [{groupName: w, accelerator: {type: t5}}]}"
            + "| spec.platform.groups[w].accelerator.type: there is no t5; possible are t4 (nvidia",
        "{groups: [{groupName: w, accelerator: {type: t4, count: 3}}]}"
            + "| no machine has 3 of t4; possible are 1, 2, 4",
        "{groups: [{groupName: w, accelerator: {type: a100}, cpu: 15}]}"
            + "| 15 CPUs and 68Gi are more than any machine with 1 of a100 has;"
            + " possible are 11.90 CPUs and 74.0Gi on a2-highgpu-1g",
        "{groups: [{groupName: w, cpu: 100}]}|are more than any machine has; possible are 15.89",
        "{head: {cpu: 15.6}, groups: [{groupName: w, cpu: 63, memory: 500Gi}]}"
            + "|spec.platform.groups[w]: 63 CPUs and 500Gi are more than any machine has",
        "{groups: [{groupName: w}, {groupName: w}]}|two groups are called so",
        "{image: rya}|there is no rya; possible are ray, ray-gpu, ray-tpu, or a reference",
        "{groups: [{groupName: w, accelerator: {type: v6e, topology: 3x3}}]}"
            + "|v6e has no 3x3; possible are 1x1, 2x2",
        "{groups: [{groupName: w, accelerator: {type: v6e, topology: 4x4, count: 8}}]}"
            + "|a host of a 4x4 slice has 4 chips",
        "{groups: [{groupName: w, accelerator: {type: t4, topology: 4x4}}]}|is for TPUs: remove it",
        "{head: {accelerator: {type: v6e}}}|TPUs are for groups",
        "{groups: [{groupName: w, capacity: Reservation}]}|reservation is missing",
        "{groups: [{groupName: w, reservation: r}]}|is for capacity: Reservation",
        "{groups: [{groupName: w, minReplicas: 3, maxReplicas: 2}]}|are not between",
        "{head: {cpu: 0}}|spec.platform.head.cpu: 0 is no amount above zero"
      })
  void whatCannotBeIsRefusedAndToldWhatCan(String platform, String sentence) {
    assertThat(Resolve.of("my-cluster", platform(platform), UserFields.NONE, GKE))
        .isInstanceOfSatisfying(
            Resolution.Refused.class,
            refused ->
                assertThat(refused.problems())
                    .anySatisfy(problem -> assertThat(problem).contains(sentence)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{placement: {imageStreaming: Required}}|no nodes that stream images",
        "{placement: {computeClass: ml}}|this platform has no compute classes",
        "{groups: [{groupName: w, capacity: Spot}]}|this platform has no Spot; possible are [OnDem"
      })
  void aSmallPlatformSaysWhatItLacks(String platform, String sentence) {
    assertThat(Resolve.of("my-cluster", platform(platform), UserFields.NONE, SMALL))
        .isInstanceOfSatisfying(
            Resolution.Refused.class,
            refused -> assertThat(refused.problems().get(0)).contains(sentence));
  }

  @Test
  void aRayVersionThatTheImageLacksIsRefused() {
    UserFields user =
        new UserFields(Optional.of("2.9.0"), Optional.empty(), false, false, ResolvedNote.NONE);

    assertThat(Resolve.of("my-cluster", platform("{}"), user, GKE))
        .isInstanceOfSatisfying(
            Resolution.Refused.class,
            refused -> assertThat(refused.problems().get(0)).contains("possible are 2.60.0"));
  }

  private static Resolution.Resolved resolved(
      String platform, PlatformConfiguration configuration) {
    Resolution resolution =
        Resolve.of("my-cluster", platform(platform), UserFields.NONE, configuration);
    assertThat(resolution).as(platform).isInstanceOf(Resolution.Resolved.class);
    return (Resolution.Resolved) resolution;
  }

  private static PlatformSpec platform(String yaml) {
    // Without its first line a text in braces would be taken for JSON.
    return Serialization.unmarshal("---\n" + yaml, PlatformSpec.class);
  }

  private static PodSpec pod(WorkerGroupSpec group) {
    return group.template().getSpec();
  }

  private static String requests(PodSpec pod, String resource) {
    Quantity amount = pod.getContainers().get(0).getResources().getRequests().get(resource);
    return amount == null ? null : amount.toString();
  }

  private static Set<String> limits(PodSpec pod) {
    return pod.getContainers().get(0).getResources().getLimits().keySet();
  }
}
