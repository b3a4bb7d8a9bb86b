package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.UpgradeStrategy;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * That pods are older than the spec, as {@code UpdatePending} tells it; pure.
 *
 * @param reason what becomes of them: the upgrade strategy, or {@link #STOPPED}
 * @param message which ones they are, how far it is and what it waits for
 */
record Outdated(String reason, String message) {
  /** A rolling update goes no further by itself. */
  static final String STOPPED = "NewPodsNotReady";

  private static final String NOTHING_IS_DONE = "UpgradeStrategyNone";

  /** As of a Deployment: a new pod that isn't ready by then won't be. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Why a pod isn't ready that never will be unless somebody acts. */
  private static final Set<String> HOPELESS =
      Set.of(
          "CrashLoopBackOff",
          "CreateContainerConfigError",
          "CreateContainerError",
          "ErrImageNeverPull",
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "RunContainerError");

  /** Empty when there are none. */
  static Optional<Outdated> of(
      RayCluster cluster, ObservedCluster observed, Revisions revisions, Instant now) {
    List<ObservedPod> pods = observed.pods().stream().filter(revisions::isOutdated).toList();
    if (pods.isEmpty() || Suspension.of(cluster, observed) != Suspension.NONE) {
      return Optional.empty();
    }
    RayClusterSpec spec = cluster.getSpec();
    if (spec.rolledOnChange()) {
      return Optional.of(rolling(spec, observed, revisions, now));
    }
    String older = "Older than the spec: " + described(pods);
    return Optional.of(
        spec.recreatedOnChange()
            ? new Outdated(UpgradeStrategy.RECREATE, older + "; all pods are made anew")
            : new Outdated(
                NOTHING_IS_DONE,
                older
                    + "; they stay as they are until they are lost or deleted, as"
                    + " spec.upgradeStrategy.type is None"));
  }

  private static Outdated rolling(
      RayClusterSpec spec, ObservedCluster observed, Revisions revisions, Instant now) {
    List<String> progress = new ArrayList<>();
    List<String> hopeless = new ArrayList<>();
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      List<ObservedPod> pods = observed.workers(group.groupName());
      if (pods.stream().anyMatch(revisions::isOutdated)) {
        progress.add(progress(group, pods, revisions));
        fresh(pods, revisions)
            .filter(pod -> isHopeless(pod, now))
            .findFirst()
            .map(Outdated::state)
            .ifPresent(hopeless::add);
      }
    }
    if (observed.heads().stream().anyMatch(revisions::isOutdated)) {
      progress.add("the head is replaced last");
    }
    String done = String.join("; ", progress);
    return hopeless.isEmpty()
        ? new Outdated(UpgradeStrategy.ROLLING_UPDATE, done)
        : new Outdated(
            STOPPED,
            "%s; stopped, as new pods don't become ready: %s; mend the template, or put back what it was"
                .formatted(done, String.join("; ", hopeless)));
  }

  /** How many are as the spec says, and whom the others wait for. */
  private static String progress(
      WorkerGroupSpec group, List<ObservedPod> pods, Revisions revisions) {
    long ready = fresh(pods, revisions).filter(ObservedPod::ready).count();
    String text =
        "%d of %d workers of group %s are replaced"
            .formatted(
                Math.min(ready, group.desiredPods()), group.desiredPods(), group.groupName());
    Optional<String> waiting =
        fresh(pods, revisions)
            .filter(pod -> !pod.ready())
            .findFirst()
            .map(pod -> "waiting for " + state(pod));
    Optional<String> draining =
        pods.stream()
            .filter(pod -> pod.terminating() && revisions.isOutdated(pod))
            .findFirst()
            .map(pod -> pod.name() + " finishes its work");
    Optional<String> working =
        pods.stream()
            .filter(pod -> pod.isLive() && revisions.isOutdated(pod) && pod.drain().isEmpty())
            .findFirst()
            .map(pod ->
                pod.name() + " can't be told to finish its work, and stays until it is idle");
    return text
        + Stream.of(waiting, draining, working)
            .flatMap(Optional::stream)
            .findFirst()
            .map(what -> ", " + what)
            .orElse("");
  }

  private static Stream<ObservedPod> fresh(List<ObservedPod> pods, Revisions revisions) {
    return pods.stream().filter(pod -> !pod.terminating() && !revisions.isOutdated(pod));
  }

  private static boolean isHopeless(ObservedPod pod, Instant now) {
    return !pod.ready()
        && (pod.failure().isPresent()
            || HOPELESS.contains(pod.readyReason())
            || pod.created().filter(created -> overdueAt(created).isBefore(now)).isPresent());
  }

  /** When a new pod that isn't ready has had its time. */
  static Instant overdueAt(Instant created) {
    return created.plus(PATIENCE);
  }

  private static String state(ObservedPod pod) {
    String detail = pod.readyMessage().isEmpty() ? "" : ", " + pod.readyMessage();
    return "%s (%s)".formatted(pod.name(), pod.failure().orElse(pod.readyReason() + detail));
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
