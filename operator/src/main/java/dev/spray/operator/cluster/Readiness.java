package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import java.util.List;
import java.util.Optional;

/**
 * Whether a cluster is what its spec asks for at this moment.
 *
 * @param reason one word for machines
 * @param message for people: what is missing, and the first thing that holds it up
 */
record Readiness(boolean ready, String reason, String message) {

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
      return not("HeadPodNotReady", "Waiting for the head pod" + because(head.get()));
    }
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      List<ObservedPod> live =
          observed.workers(group.groupName()).stream().filter(ObservedPod::isLive).toList();
      long ready = live.stream().filter(ObservedPod::ready).count();
      if (ready < group.desiredPods()) {
        String blocked =
            live.stream()
                .filter(pod -> !pod.ready())
                .findFirst()
                .map(Readiness::because)
                .orElse("");
        return not(
            "WorkersNotReady",
            "%d of %d workers of group %s are ready%s"
                .formatted(ready, group.desiredPods(), group.groupName(), blocked));
      }
    }
    long wanted = spec.workerGroupSpecs().stream().mapToLong(WorkerGroupSpec::desiredPods).sum();
    if (observed.workers().size() > wanted) {
      return not(
          "RemovingWorkers",
          "%d workers are on their way out".formatted(observed.workers().size() - wanted));
    }
    return new Readiness(
        true, "AllPodsReady", "The head and %d workers are ready".formatted(wanted));
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

  private static String because(ObservedPod pod) {
    if (pod.readyReason().equals("Unknown")) {
      return "";
    }
    String detail = pod.readyMessage().isEmpty() ? "" : ", " + pod.readyMessage();
    return " (%s: %s%s)".formatted(pod.name(), pod.readyReason(), detail);
  }
}
