package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a cluster is what its spec asks for at this moment.
 *
 * @param reason one word for machines
 * @param message for people: what is missing, and what holds it up
 */
record Readiness(boolean ready, String reason, String message) {
  private static final int REASONS_SHOWN = 3;
  private static final String REMOVING = "RemovingWorkers";

  static Readiness of(RayCluster cluster, ObservedCluster observed) {
    RayClusterSpec spec = cluster.getSpec();
    return switch (Suspension.of(cluster, observed)) {
      case NONE -> of(cluster, spec, observed);
      case BEGINS, SUSPENDING ->
          not(
              "RayClusterSuspending",
              "%d pods are on their way out: %s"
                  .formatted(observed.pods().size(), SuspensionDecision.why(spec)));
      case SUSPENDED ->
          not("RayClusterSuspended", "The cluster has no pods: " + SuspensionDecision.why(spec));
    };
  }

  /** Whether all wanted workers are ready. */
  static boolean ofWorkers(RayClusterSpec spec, ObservedCluster observed) {
    return missing(spec, observed).isEmpty();
  }

  private static List<String> missing(RayClusterSpec spec, ObservedCluster observed) {
    return spec.workerGroupSpecs().stream()
        .flatMap(group -> missing(group, observed.workers(group.groupName())).stream())
        .toList();
  }

  private static Readiness of(RayCluster cluster, RayClusterSpec spec, ObservedCluster observed) {
    Optional<ObservedPod> head = observed.liveHead();
    if (head.isEmpty()) {
      return not(
          "HeadPodMissing",
          HeadDecision.mayHaveOne(cluster)
              ? "The head pod is being made"
              : "The head pod is lost, and annotation %s forbids another one"
                  .formatted(RayLabels.NO_HEAD_RESTART));
    }
    if (!head.get().ready()) {
      return not("HeadPodNotReady", "Waiting for the head pod" + because(List.of(head.get())));
    }
    List<String> missing = missing(spec, observed);
    if (!missing.isEmpty()) {
      return not("WorkersNotReady", String.join("; ", missing));
    }
    long kept = spec.workerGroupSpecs().stream().mapToLong(g -> kept(spec, g, observed)).sum();
    if (observed.workers().size() > kept) {
      return not(
          REMOVING, "%d workers are on their way out".formatted(observed.workers().size() - kept));
    }
    return new Readiness(true, "AllPodsReady", "The head and %d workers are ready".formatted(kept));
  }

  private static Optional<String> missing(WorkerGroupSpec group, List<ObservedPod> pods) {
    long ready = pods.stream().filter(pod -> pod.isLive() && pod.ready()).count();
    return ready >= group.desiredPods()
        ? Optional.empty()
        : Optional.of(
            "%d of %d workers of group %s are ready%s"
                .formatted(ready, group.desiredPods(), group.groupName(), because(pods)));
  }

  /** Workers of a group that stay; which ones are too many is for Ray's autoscaler to say. */
  private static long kept(RayClusterSpec spec, WorkerGroupSpec group, ObservedCluster observed) {
    long live = observed.workers(group.groupName()).stream().filter(ObservedPod::isLive).count();
    return spec.autoscaled() ? live : Math.min(live, group.desiredPods());
  }

  /** The same while pods are being replaced that are older than the spec. */
  Readiness during(Outdated update) {
    return ready || reason.equals(REMOVING)
        ? new Readiness(false, update.reason(), update.message())
        : this;
  }

  /** The same, held up by a write that failed: what is missing is told first. */
  Readiness heldUpBy(String failed, String why) {
    return ready
        ? new Readiness(false, failed, why)
        : new Readiness(false, reason, message + "; " + why);
  }

  private static Readiness not(String reason, String message) {
    return new Readiness(false, reason, message);
  }

  /** What holds pods up, each reason once, the most common ones first. */
  private static String because(List<ObservedPod> pods) {
    Map<String, List<ObservedPod>> byReason =
        pods.stream()
            .filter(pod -> !pod.terminating() && !pod.ready())
            .filter(pod -> pod.failure().isPresent() || !pod.readyReason().equals("Unknown"))
            .collect(
                Collectors.groupingBy(
                    pod -> pod.failure().orElse(pod.readyReason()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    if (byReason.isEmpty()) {
      return "";
    }
    return byReason.values().stream()
        .sorted(Comparator.comparingInt(List<ObservedPod>::size).reversed())
        .limit(REASONS_SHOWN)
        .map(Readiness::alike)
        .collect(Collectors.joining("; ", " (", ")"));
  }

  private static String alike(List<ObservedPod> pods) {
    ObservedPod pod = pods.getFirst();
    String names =
        pods.size() == 1 ? pod.name() : "%s and %d others".formatted(pod.name(), pods.size() - 1);
    String detail = pod.readyMessage().isEmpty() ? "" : ", " + pod.readyMessage();
    return names + ": " + pod.failure().orElse(pod.readyReason() + detail);
  }
}
