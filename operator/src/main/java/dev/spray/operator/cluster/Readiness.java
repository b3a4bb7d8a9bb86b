package dev.spray.operator.cluster;

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

  static Readiness of(RayClusterSpec spec, ObservedCluster observed) {
    Optional<ObservedPod> head = observed.liveHead();
    if (head.isEmpty()) {
      return new Readiness(false, "HeadPodMissing", "The head pod is being made");
    }
    if (!head.get().ready()) {
      return new Readiness(
          false, "HeadPodNotReady", "Waiting for the head pod" + because(head.get()));
    }
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      List<ObservedPod> live =
          observed.workers(group.groupName()).stream().filter(ObservedPod::isLive).toList();
      long ready = live.stream().filter(ObservedPod::ready).count();
      if (ready < group.desiredReplicas()) {
        String blocked =
            live.stream()
                .filter(pod -> !pod.ready())
                .findFirst()
                .map(Readiness::because)
                .orElse("");
        return new Readiness(
            false,
            "WorkersNotReady",
            "%d of %d workers of group %s are ready%s"
                .formatted(ready, group.desiredReplicas(), group.groupName(), blocked));
      }
    }
    long wanted =
        spec.workerGroupSpecs().stream().mapToLong(WorkerGroupSpec::desiredReplicas).sum();
    if (observed.workers().size() > wanted) {
      return new Readiness(
          false,
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

  private static String because(ObservedPod pod) {
    if (pod.readyReason().equals("Unknown")) {
      return "";
    }
    String detail = pod.readyMessage().isEmpty() ? "" : ", " + pod.readyMessage();
    return " (%s: %s%s)".formatted(pod.name(), pod.readyReason(), detail);
  }
}
