package dev.spray.operator.cluster;

import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.platform.ResolvedNote.GroupNumbers;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import java.util.Optional;

/**
 * Keeps what people and Ray's autoscaler have made of a group's numbers since it was written: a
 * number counts from {@code spec.platform} only where it has changed there; pure.
 */
final class ScaledSince {

  /**
   * The group with the numbers that hold.
   *
   * @param wanted as it would be written now
   * @param before the spec as it is
   * @param note of what was written; empty: nobody knows, and what is there is kept
   */
  static WorkerGroupSpec keep(
      WorkerGroupSpec wanted, RayClusterSpec before, Optional<ResolvedNote> note) {
    Optional<WorkerGroupSpec> there =
        before.workerGroupSpecs().stream()
            .filter(group -> wanted.groupName().equals(group.groupName()))
            .findFirst();
    if (there.isEmpty()) {
      return wanted;
    }
    Optional<GroupNumbers> noted = note.map(n -> n.groups().get(wanted.groupName()));
    WorkerGroupSpec now = there.get();
    Integer replicas = number(wanted.replicas(), noted.map(GroupNumbers::replicas), now.replicas());
    Integer min = number(wanted.minReplicas(), noted.map(GroupNumbers::min), now.minReplicas());
    Integer max = number(wanted.maxReplicas(), noted.map(GroupNumbers::max), now.maxReplicas());
    if (min > max) {
      // One of them is new, and wins.
      boolean newMax = max.equals(wanted.maxReplicas()) && !max.equals(now.maxReplicas());
      min = newMax ? max : min;
      max = newMax ? max : min;
    }
    return new WorkerGroupSpec(
        wanted.groupName(),
        replicas,
        min,
        max,
        wanted.numOfHosts(),
        null,
        null,
        null,
        wanted.resources(),
        wanted.labels(),
        wanted.rayStartParams(),
        null,
        wanted.template());
  }

  private static Integer number(Integer wanted, Optional<Integer> noted, Integer now) {
    boolean changed = noted.isPresent() && !noted.get().equals(wanted);
    return changed || now == null ? wanted : now;
  }

  private ScaledSince() {}
}
