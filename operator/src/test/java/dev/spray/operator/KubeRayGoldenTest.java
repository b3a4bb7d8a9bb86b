package dev.spray.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.JsonDifferences.Difference;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods and services are KubeRay's, field for field: compared with what an API server returned after
 * KubeRay v1.7 had carried out its own samples. The recordings are not part of this project.
 */
class KubeRayGoldenTest {
  /** What the API server adds, and what it adds there. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("metadata\\.generateName", ".*"),
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
          Map.entry("spec\\.externalTrafficPolicy", "Cluster"),
          Map.entry("spec\\.ports\\[\\d+]\\.nodePort", "\\d+"));

  /** Where sp-ray is meant to differ. */
  private static final List<String> DELIBERATE =
      List.of(
          // Names are chosen by the operator, never by the API server.
          "metadata\\.name",
          // The recordings leave UIDs out.
          "metadata\\.ownerReferences\\[0]\\.uid",
          // Belongs to upgrades, which don't exist yet.
          "metadata\\.annotations\\.ray\\.io/(kuberay-version|upgrade-strategy-recreate-hash)",
          // Notes what was wanted of the service.
          "metadata\\.annotations\\.sp-ray\\.dev/desired-hash",
          // A TCP connect in bash instead of a Python interpreter per attempt.
          "spec\\.initContainers\\[\\d+]\\.args\\[0]:.*ray health-check.*",
          // Says which operator it is.
          "spec\\.containers\\[0]\\.env\\[\\d+]\\.value:kuberay_version=nightly;.*");

  @ParameterizedTest
  @MethodSource("dev.spray.operator.KubeRayGolden#cases")
  void childrenAreThoseOfKubeRay(String name) throws IOException {
    RayCluster cluster =
        Clusters.parse(KubeRayGolden.read(name, "input.yaml"), KubeRayGolden.NAMESPACE);
    List<HasMetadata> children = children(KubeRayGolden.read(name, "children.yaml"));

    assertThat(children).hasAtLeastOneElementOfType(Pod.class);
    assertThat(children).hasAtLeastOneElementOfType(Service.class);
    for (HasMetadata child : children) {
      assertThat(unexplained(ours(cluster, child), child))
          .as("%s %s", child.getKind(), child.getMetadata().getName())
          .isEmpty();
    }
  }

  private static HasMetadata ours(RayCluster cluster, HasMetadata child) {
    if (child instanceof Service) {
      return HeadService.desired(cluster);
    }
    Map<String, String> labels = child.getMetadata().getLabels();
    if (RayLabels.HEAD.equals(labels.get(RayLabels.NODE_TYPE))) {
      return RayPod.head(cluster, Pods.SETTINGS);
    }
    WorkerGroupSpec group =
        cluster.getSpec().workerGroupSpecs().stream()
            .filter(g -> g.groupName().equals(labels.get(RayLabels.GROUP)))
            .findFirst()
            .orElseThrow();
    int index = Integer.parseInt(labels.get(RayLabels.REPLICA_INDEX));
    return RayPod.worker(
        cluster, group, Pods.worker(child.getMetadata().getName(), index), Pods.SETTINGS);
  }

  private static List<Difference> unexplained(HasMetadata ours, HasMetadata golden) {
    return JsonDifferences.between(ours, golden).stream()
        .filter(difference -> !isDefault(difference) && !isDeliberate(difference))
        .toList();
  }

  private static boolean isDefault(Difference difference) {
    return difference.ours().isEmpty()
        && DEFAULTS.entrySet().stream()
            .anyMatch(known ->
                difference.path().matches(known.getKey())
                    && difference.theirs().matches(known.getValue()));
  }

  private static boolean isDeliberate(Difference difference) {
    String whole = (difference.path() + ":" + difference.theirs()).replace("\n", " ");
    return DELIBERATE.stream()
        .anyMatch(known -> difference.path().matches(known) || whole.matches(known));
  }

  private static List<HasMetadata> children(String documents) {
    return Stream.of(documents.split("(?m)^---\\s*$", -1))
        .filter(document -> !document.isBlank())
        .map(KubeRayGoldenTest::child)
        .filter(child -> child instanceof Pod || child instanceof Service)
        .toList();
  }

  private static HasMetadata child(String document) {
    String kind = Serialization.unmarshal(document, GenericKubernetesResource.class).getKind();
    return switch (kind) {
      case "Pod" -> Serialization.unmarshal(document, Pod.class);
      case "Service" -> Serialization.unmarshal(document, Service.class);
      default -> Serialization.unmarshal(document, GenericKubernetesResource.class);
    };
  }
}
