package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.UpgradeStrategy;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * That pods are older than the spec, as {@code UpdatePending} tells it; pure.
 *
 * @param reason what becomes of them: the upgrade strategy
 * @param message which ones they are
 */
record Outdated(String reason, String message) {

  /** Empty when there are none. */
  static Optional<Outdated> of(RayCluster cluster, ObservedCluster observed, Revisions revisions) {
    List<ObservedPod> pods = observed.pods().stream().filter(revisions::isOutdated).toList();
    return pods.isEmpty() ? Optional.empty() : Optional.of(of(cluster.getSpec(), pods));
  }

  private static Outdated of(RayClusterSpec spec, List<ObservedPod> pods) {
    String older = "Older than the spec: " + described(pods);
    return spec.recreatedOnChange()
        ? new Outdated(UpgradeStrategy.RECREATE, older + "; all pods are made anew")
        : new Outdated(
            "UpgradeStrategyNone",
            older
                + "; they stay as they are until they are lost or deleted, as"
                + " spec.upgradeStrategy.type is None");
  }

  /** Such as {@code the head, 2 workers of group small}. */
  static String described(List<ObservedPod> pods) {
    List<String> parts = new ArrayList<>();
    if (pods.stream().anyMatch(ObservedPod::head)) {
      parts.add("the head");
    }
    Map<String, Long> workers =
        pods.stream()
            .filter(pod -> !pod.head())
            .collect(
                Collectors.groupingBy(ObservedPod::group, TreeMap::new, Collectors.counting()));
    workers.forEach((group, number) ->
        parts.add(
            "%d %s of group %s".formatted(number, number == 1 ? "worker" : "workers", group)));
    return String.join(", ", parts);
  }
}
