package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.Reason;
import dev.spray.operator.pods.PodNames;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.pods.WorkerIdentity;
import dev.spray.operator.resources.Desired;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what is to be done for a valid RayCluster; pure. */
final class ClusterDecision {
  /** A pod that fails sooner than this is replaced only then: no tight loop of failing pods. */
  static final Duration SHORTEST_LIFE = Duration.ofSeconds(10);

  /** Pods that one pass creates at most: a pass holds them all, and a typo can ask for millions. */
  static final int MOST_CREATIONS = 200;

  private final RayCluster cluster;
  private final ObservedCluster observed;
  private final Instant now;
  private final PodSettings settings;

  /** Pod names that are not to be given again. */
  private final Set<String> taken = new HashSet<>();

  private final List<Action> deletions = new ArrayList<>();
  private final List<Action> creations = new ArrayList<>();
  private Optional<Duration> lookAgainIn = Optional.empty();

  /**
   * @param cluster as the API server accepted it
   * @param observed what belongs to it
   * @param settings what the options say about pods
   */
  static Plan decide(
      RayCluster cluster, ObservedCluster observed, Instant now, PodSettings settings) {
    if (cluster.isMarkedForDeletion()) {
      // The garbage collector deletes what it owns.
      return Plan.NOTHING;
    }
    return new ClusterDecision(cluster, observed, now, settings).decide();
  }

  private ClusterDecision(
      RayCluster cluster, ObservedCluster observed, Instant now, PodSettings settings) {
    this.cluster = cluster;
    this.observed = observed;
    this.now = now;
    this.settings = settings;
  }

  private Plan decide() {
    List<WorkerGroupSpec> groups = cluster.getSpec().workerGroupSpecs();
    observed.workers().forEach(pod -> taken.add(pod.name()));
    head();
    groups.forEach(group -> group(group));
    removedGroups(groups.stream().map(WorkerGroupSpec::groupName).toList());
    // Deletions before creations: what they free, a quota or a node, may be needed.
    List<Action> actions =
        Stream.of(service().stream(), deletions.stream(), creations.stream())
            .flatMap(stream -> stream)
            .toList();
    return new Plan(actions, lookAgainIn);
  }

  private Optional<Action> service() {
    Service desired = HeadService.desired(cluster);
    Service actual = observed.services().get(desired.getMetadata().getName());
    if (actual == null) {
      return Optional.of(
          new Action.Apply(
              desired,
              Optional.empty(),
              new Reason(
                  "CreatedService", "FailedToCreateService", "the cluster has no head service")));
    }
    if (Desired.isMetBy(desired, actual)) {
      return Optional.empty();
    }
    return Optional.of(
        new Action.Apply(
            desired,
            Optional.of(actual.getMetadata().getUid()),
            new Reason(
                "UpdatedService", "FailedToUpdateService", "the head service is not as wanted")));
  }

  private void head() {
    for (ObservedPod pod : observed.heads()) {
      pod.failure()
          .filter(failure -> !pod.terminating() && isOldEnough(pod))
          .ifPresent(failure -> delete(pod, failure));
    }
    // A successor waits until the old head is gone: two would fight over the cluster's identity.
    if (observed.heads().isEmpty()) {
      creations.add(
          new Action.CreatePod(
              RayPod.head(cluster, settings),
              new Reason(
                  "CreatedHeadPod", "FailedToCreateHeadPod", "the cluster has no head pod")));
    }
  }

  private void group(WorkerGroupSpec group) {
    List<String> unwanted =
        group.scaleStrategy() == null ? List.of() : group.scaleStrategy().workersToDelete();
    List<ObservedPod> staying = new ArrayList<>();
    for (ObservedPod pod : observed.workers(group.groupName())) {
      if (pod.terminating()) {
        continue;
      }
      if (unwanted.contains(pod.name())) {
        delete(pod, "it is named in workersToDelete");
      } else if (pod.failure().isPresent() && isOldEnough(pod)) {
        delete(pod, pod.failure().get());
      } else {
        staying.add(pod);
      }
    }
    int desired = group.desiredReplicas();
    staying.stream()
        .sorted(ScaleDown.FIRST_TO_GO)
        .limit(Math.max(0, staying.size() - desired))
        .forEach(pod ->
            delete(
                pod,
                "group %s wants %d workers and has %d"
                    .formatted(group.groupName(), desired, staying.size())));
    grow(group, staying, unwanted);
  }

  private void grow(WorkerGroupSpec group, List<ObservedPod> staying, List<String> unwanted) {
    int desired = group.desiredReplicas();
    Reason reason =
        new Reason(
            "CreatedWorkerPod",
            "FailedToCreateWorkerPod",
            "group %s wants %d workers and has %d"
                .formatted(group.groupName(), desired, staying.size()));
    taken.addAll(unwanted);
    Set<Integer> indices =
        staying.stream().flatMap(pod -> pod.index().stream()).collect(Collectors.toSet());
    int missing = desired - staying.size();
    for (int index = 0; missing > 0; index++) {
      if (creations.size() >= MOST_CREATIONS) {
        lookAgainIn(Duration.ofMillis(1));
        return;
      }
      if (!indices.contains(index)) {
        String name =
            PodNames.worker(
                cluster.getMetadata().getUid(),
                cluster.getMetadata().getName(),
                group.groupName(),
                index,
                taken::contains);
        taken.add(name);
        creations.add(
            new Action.CreatePod(
                RayPod.worker(
                    cluster, group, new WorkerIdentity(name, index, Optional.empty()), settings),
                reason));
        missing--;
      }
    }
  }

  private void removedGroups(List<String> groups) {
    for (ObservedPod pod : observed.workers()) {
      if (!pod.terminating() && !groups.contains(pod.group())) {
        delete(pod, "the spec has no group " + pod.group() + " any more");
      }
    }
  }

  private void delete(ObservedPod pod, String why) {
    Reason reason =
        pod.head()
            ? new Reason("DeletedHeadPod", "FailedToDeleteHeadPod", why)
            : new Reason("DeletedWorkerPod", "FailedToDeleteWorkerPod", why);
    deletions.add(
        new Action.DeletePod(
            pod.namespace(), pod.name(), pod.uid(), pod.resourceVersion(), reason));
  }

  private boolean isOldEnough(ObservedPod pod) {
    Duration left =
        pod.created()
            .map(created -> Duration.between(now, created.plus(SHORTEST_LIFE)))
            .orElse(Duration.ZERO);
    boolean oldEnough = !left.isPositive();
    if (!oldEnough) {
      lookAgainIn(left);
    }
    return oldEnough;
  }

  private void lookAgainIn(Duration wait) {
    if (lookAgainIn.filter(other -> other.compareTo(wait) <= 0).isEmpty()) {
      lookAgainIn = Optional.of(wait);
    }
  }
}
