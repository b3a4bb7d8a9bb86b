package dev.spray.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.JsonDifferences.Difference;
import dev.spray.operator.pods.Host;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.pods.WorkerIdentity;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.resources.Child;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.Children;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods and everything beside them are KubeRay's, field for field: compared with what an API server
 * returned after KubeRay v1.7 had carried out its own samples. The recordings are not part of this
 * project.
 */
class KubeRayGoldenTest {
  /** What the API server adds, and what it adds there. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("spec\\.dnsPolicy", "ClusterFirst"),
          Map.entry("spec\\.enableServiceLinks", "true"),
          Map.entry("spec\\.preemptionPolicy", "PreemptLowerPriority"),
          Map.entry("spec\\.priority", "0"),
          Map.entry("spec\\.restartPolicy", "Always"),
          Map.entry("spec\\.schedulerName", "default-scheduler"),
          Map.entry("spec\\.serviceAccountName", "default"),
          // The older name of serviceAccountName, which the API server keeps equal to it.
          Map.entry("spec\\.serviceAccount", ".*"),
          Map.entry("spec\\.terminationGracePeriodSeconds", "30"),
          Map.entry("spec\\.\\w+ontainers\\[\\d+]\\.imagePullPolicy", "IfNotPresent|Always"),
          Map.entry(
              "spec\\.\\w+ontainers\\[\\d+]\\.terminationMessagePath", "/dev/termination-log"),
          Map.entry("spec\\.\\w+ontainers\\[\\d+]\\.terminationMessagePolicy", "File"),
          Map.entry("spec\\.\\w+ontainers\\[\\d+]\\.ports\\[\\d+]\\.protocol", "TCP"),
          Map.entry("spec\\.\\w+ontainers\\[\\d+]\\.\\w+Probe\\.successThreshold", "1"),
          Map.entry("spec\\.\\w+ontainers\\[\\d+]\\.\\w+Probe\\.httpGet.scheme", "HTTP"),
          Map.entry("spec\\..*\\.fieldRef\\.apiVersion", "v1"),
          Map.entry("spec\\.volumes\\[\\d+]\\.(configMap|secret|projected)\\.defaultMode", "420"),
          Map.entry("spec\\.allocateLoadBalancerNodePorts", "true"),
          Map.entry("spec\\.externalTrafficPolicy", "Cluster"),
          Map.entry("spec\\.ports\\[\\d+]\\.protocol", "TCP"),
          Map.entry("metadata\\.finalizers\\[0]", "kubernetes.io/pvc-protection"),
          Map.entry("spec\\.volumeMode", "Filesystem"),
          Map.entry("spec\\.ports\\[\\d+]\\.nodePort", "\\d+"));

  @ParameterizedTest
  @MethodSource("dev.spray.operator.KubeRayGolden#podCases")
  void podsAreThoseOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    List<HasMetadata> pods =
        KubeRayGolden.children(name).stream().filter(Pod.class::isInstance).toList();

    assertThat(pods).isNotEmpty();
    for (HasMetadata pod : pods) {
      assertThat(unexplained(ours(cluster, pod), pod)).as(pod.getMetadata().getName()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.spray.operator.KubeRayGolden#recorded")
  void whatIsBesideThePodsIsThatOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    Map<String, HasMetadata> theirs =
        byName(KubeRayGolden.children(name).stream().filter(child -> !(child instanceof Pod)));
    Map<String, HasMetadata> ours =
        byName(
            Stream.concat(
                Children.desired(cluster, List.of(), ChildSettings.DEFAULT).stream()
                    .map(Child::object),
                tokens(cluster)));

    assertThat(ours).containsOnlyKeys(theirs.keySet());
    ours.forEach(
        (child, wish) -> assertThat(unexplained(wish, theirs.get(child))).as(child).isEmpty());
  }

  /** As the recordings have it. */
  private static Stream<HasMetadata> tokens(RayCluster cluster) {
    return AuthToken.isInSecret(cluster)
        ? Stream.of(
            new SecretBuilder(AuthToken.secret(cluster))
                .addToData(AuthOptions.SECRET_KEY, "<data>")
                .build())
        : Stream.empty();
  }

  /** So that no sample is forgotten. */
  @Test
  void thePodsOfEveryRecordingAreCompared() throws IOException {
    assertThat(KubeRayGolden.podCases())
        .containsExactlyInAnyOrderElementsOf(KubeRayGolden.recorded());
  }

  private static Map<String, HasMetadata> byName(Stream<HasMetadata> children) {
    return children.collect(
        Collectors.toMap(
            child -> child.getKind() + " " + child.getMetadata().getName(), Function.identity()));
  }

  private static Pod ours(RayCluster cluster, HasMetadata child) {
    Map<String, String> labels = child.getMetadata().getLabels();
    if (RayLabels.HEAD.equals(labels.get(RayLabels.NODE_TYPE))) {
      return RayPod.head(cluster, Pods.SETTINGS);
    }
    WorkerGroupSpec group =
        cluster.getSpec().workerGroupSpecs().stream()
            .filter(g -> g.groupName().equals(labels.get(RayLabels.GROUP)))
            .findFirst()
            .orElseThrow();
    return RayPod.worker(cluster, group, identity(child), Pods.SETTINGS);
  }

  private static WorkerIdentity identity(HasMetadata worker) {
    Map<String, String> labels = worker.getMetadata().getLabels();
    return new WorkerIdentity(
        worker.getMetadata().getName(),
        Integer.parseInt(labels.get(RayLabels.REPLICA_INDEX)),
        Optional.ofNullable(labels.get(RayLabels.REPLICA_NAME))
            .map(name -> new Host(name, Integer.parseInt(labels.get(RayLabels.HOST_INDEX)))));
  }

  private static List<Difference> unexplained(HasMetadata ours, HasMetadata golden) {
    return KubeRayDifferences.unmeant(ours, golden).stream()
        .filter(difference -> !isDefault(difference))
        .toList();
  }

  private static boolean isDefault(Difference difference) {
    return difference.ours().isEmpty()
        && DEFAULTS.entrySet().stream()
            .anyMatch(known ->
                difference.path().matches(known.getKey())
                    && difference.theirs().matches(known.getValue()));
  }
}
