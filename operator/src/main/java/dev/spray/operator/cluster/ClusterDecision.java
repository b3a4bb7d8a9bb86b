package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.resources.Child;
import dev.spray.operator.scheduling.Scheduling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Decides what is to be done for a valid RayCluster; pure. */
final class ClusterDecision {

  /**
   * The plan of a pass.
   *
   * @param cluster as the API server accepted it
   * @param revisions of its spec
   * @param observed what belongs to it
   * @param expiry what its lifecycle makes of it
   * @param settings what the options say about clusters
   */
  static Plan decide(
      RayCluster cluster,
      Revisions revisions,
      ObservedCluster observed,
      Expiry expiry,
      Instant now,
      ClusterSettings settings) {
    if (cluster.isMarkedForDeletion()) {
      // That is for DeletionDecision.
      return Plan.NOTHING;
    }
    Scheduling scheduling =
        new Scheduling(settings.scheduler(), cluster, settings.pods(), settings::decorated);
    Draft draft =
        new Draft(
            now,
            observed.pods().stream().map(ObservedPod::name).toList(),
            pod -> scheduling.mark(settings.decorated(pod)));
    Suspension suspension = Suspension.of(cluster, observed);
    if (suspension != Suspension.NONE) {
      SuspensionDecision.decide(suspension, cluster.getSpec(), observed, draft);
    } else if (!cluster.getSpec().recreatedOnChange()
        || !RecreateDecision.decide(observed, revisions, draft)) {
      List<WorkerGroupSpec> groups = cluster.getSpec().workerGroupSpecs();
      HeadDecision.decide(cluster, revisions, observed, settings.pods(), draft);
      groups.forEach(
          group -> GroupDecision.decide(cluster, group, revisions, observed, settings, draft));
      removedGroups(groups.stream().map(WorkerGroupSpec::groupName).toList(), observed, draft);
    }
    expiry.lookAgainIn().ifPresent(draft::lookAgainIn);
    if (expiry.asksWhatRuns()) {
      draft.askWhatRuns();
    }
    List<Action> first = new ArrayList<>();
    ExpiryDecision.action(cluster, expiry).ifPresent(first::add);
    RedisCleanupDecision.prepare(cluster, settings).ifPresent(first::add);
    // A group without pods would hold resources of its queue for nothing.
    List<Child> ofScheduler =
        suspension == Suspension.SUSPENDED ? List.of() : scheduling.children();
    first.addAll(ChildrenDecision.decide(cluster, observed, settings.children(), ofScheduler));
    if (draft.createsPods()) {
      first.addAll(SecretsDecision.decide(cluster, observed));
    }
    return draft.after(first);
  }

  private static void removedGroups(List<String> groups, ObservedCluster observed, Draft draft) {
    for (ObservedPod pod : observed.workers()) {
      if (!pod.terminating() && !groups.contains(pod.group())) {
        String why = "the spec has no group " + pod.group() + " any more";
        draft.delete(pod, Reasons.deleteWorker(why));
      }
    }
  }

  private ClusterDecision() {}
}
