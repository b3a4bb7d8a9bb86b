package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Reason;
import dev.spray.operator.pods.PodNames;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.pods.WorkerIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides about the workers of one group. */
final class GroupDecision {
  private final RayCluster cluster;
  private final WorkerGroupSpec group;
  private final List<ObservedPod> pods;
  private final PodSettings settings;
  private final Draft draft;

  private GroupDecision(
      RayCluster cluster,
      WorkerGroupSpec group,
      ObservedCluster observed,
      PodSettings settings,
      Draft draft) {
    this.cluster = cluster;
    this.group = group;
    this.pods =
        observed.workers(group.groupName()).stream().filter(pod -> !pod.terminating()).toList();
    this.settings = settings;
    this.draft = draft;
  }

  static void decide(
      RayCluster cluster,
      WorkerGroupSpec group,
      ObservedCluster observed,
      PodSettings settings,
      Draft draft) {
    GroupDecision decision = new GroupDecision(cluster, group, observed, settings, draft);
    if (group.suspended()) {
      decision.suspend();
    } else {
      decision.decide();
    }
  }

  private void suspend() {
    Reason reason = Reasons.deleteGroup("group %s is suspended".formatted(group.groupName()));
    pods.forEach(pod -> draft.delete(pod, reason));
  }

  private void decide() {
    List<ObservedPod> staying = new ArrayList<>();
    for (ObservedPod pod : pods) {
      Optional<String> fate = fate(pod);
      fate.ifPresentOrElse(
          why -> draft.delete(pod, Reasons.delete(pod, why)), () -> staying.add(pod));
    }
    int desired = group.desiredReplicas();
    String why =
        "group %s wants %d workers and has %d"
            .formatted(group.groupName(), desired, staying.size());
    shrink(staying, staying.size() - desired, why);
    grow(staying, desired - staying.size(), why);
  }

  /** Why a pod must go, whatever the size of the group. */
  private Optional<String> fate(ObservedPod pod) {
    if (group.workersToDelete().contains(pod.name())) {
      return Optional.of("it is named in workersToDelete");
    }
    return pod.failure().filter(failure -> draft.isOldEnough(pod));
  }

  private void shrink(List<ObservedPod> staying, int surplus, String why) {
    staying.stream()
        .sorted(ScaleDown.FIRST_TO_GO)
        .limit(Math.max(0, surplus))
        .forEach(pod -> draft.delete(pod, Reasons.delete(pod, why)));
  }

  private void grow(List<ObservedPod> staying, int missing, String why) {
    Set<Integer> indices =
        staying.stream().flatMap(pod -> pod.index().stream()).collect(Collectors.toSet());
    int left = missing;
    for (int index = 0; left > 0; index++) {
      if (!indices.contains(index)) {
        if (!create(index, Reasons.createWorker(why))) {
          return;
        }
        left--;
      }
    }
  }

  private boolean create(int index, Reason reason) {
    String name =
        PodNames.worker(
            cluster.getMetadata().getUid(),
            cluster.getMetadata().getName(),
            group.groupName(),
            index,
            taken -> draft.isTaken(taken) || group.workersToDelete().contains(taken));
    WorkerIdentity id = new WorkerIdentity(name, index, Optional.empty());
    return draft.create(RayPod.worker(cluster, group, id, settings), reason);
  }
}
