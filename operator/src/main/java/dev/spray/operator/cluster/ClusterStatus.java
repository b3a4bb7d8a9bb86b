package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Computes the status of a RayCluster; pure. */
final class ClusterStatus {
  private static final String READY = "ready";
  private static final String SUSPENDED = "suspended";
  private static final RayClusterStatus NONE =
      new RayClusterStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null);

  private final RayCluster cluster;
  private final ObservedCluster observed;
  private final RayClusterStatus before;
  private final Instant now;
  private final Conditions conditions;

  private ClusterStatus(RayCluster cluster, ObservedCluster observed, Instant now) {
    this.cluster = cluster;
    this.observed = observed;
    this.before = cluster.getStatus() == null ? NONE : cluster.getStatus();
    this.now = now;
    this.conditions =
        new Conditions(before.conditions(), cluster.getMetadata().getGeneration(), now);
  }

  /**
   * The status of a cluster that is carried out.
   *
   * @param observed as it is after the pass' writes
   * @param outcomes of those writes
   * @return the status before, and no copy of it, when nothing but times would differ
   */
  static RayClusterStatus of(
      RayCluster cluster, ObservedCluster observed, List<Outcome> outcomes, Instant now) {
    return of(
        cluster,
        Revisions.of(cluster),
        observed,
        outcomes,
        Warnings.of(cluster, observed),
        Expiry.NONE,
        now);
  }

  /** The same, where the cluster's revisions, its warnings and its expiry are known. */
  static RayClusterStatus of(
      RayCluster cluster,
      Revisions revisions,
      ObservedCluster observed,
      List<Outcome> outcomes,
      List<String> warnings,
      Expiry expiry,
      Instant now) {
    return new ClusterStatus(cluster, observed, now).of(revisions, outcomes, warnings, expiry);
  }

  /** The status of a cluster whose spec can't be carried out: what runs is left and still told. */
  static RayClusterStatus stalled(
      RayCluster cluster, ObservedCluster observed, List<Problem> problems, Instant now) {
    return new ClusterStatus(cluster, observed, now).stalled(problems);
  }

  private RayClusterStatus of(
      Revisions revisions, List<Outcome> outcomes, List<String> warnings, Expiry expiry) {
    var spec = cluster.getSpec();
    Suspension suspension = Suspension.of(cluster, observed);
    List<Outcome> failed =
        outcomes.stream()
            .filter(o -> o.failure().filter(f -> f.kind() != Outcome.Kind.TRANSIENT).isPresent())
            .toList();
    Optional<Outcome> reported = failed.stream().findFirst();
    Optional<String> words = reported.map(first -> ReportedFailures.words(failed));
    Optional<Outdated> outdated = Outdated.of(cluster, observed, revisions, now);
    Readiness readiness = readiness(outdated, outcomes);

    headPodReady();
    provisioned(readiness.ready(), suspension);
    suspended(suspension);
    reported.ifPresent(outcome ->
        conditions.set(
            ConditionTypes.REPLICA_FAILURE,
            true,
            Reasons.condition(outcome.action().reason()),
            words.get()));
    Optional<Outcome> invalid =
        failed.stream().filter(o -> o.failure().get().kind() == Outcome.Kind.INVALID).findFirst();
    conditions.set(
        ConditionTypes.STALLED,
        invalid.isPresent(),
        invalid.map(o -> Reasons.condition(o.action().reason())).orElse("SpecAccepted"),
        // Remembered there, so that its Event is not repeated.
        invalid.map(o -> o.failure().get().message()).orElse(String.join("; ", warnings)));
    outdated.ifPresent(update ->
        conditions.set(ConditionTypes.UPDATE_PENDING, true, update.reason(), update.message()));
    expiry(expiry);
    progress(readiness, invalid.isPresent() || suspension == Suspension.SUSPENDED);
    WorkspaceView.of(cluster, observed).ifPresent(workspace -> workspace.tell(conditions));

    String state = state(readiness.ready(), suspension);
    var resources = DesiredResources.of(spec);
    return settled(
        new RayClusterStatus(
            state,
            resources.cpu(),
            resources.memory(),
            resources.gpu(),
            resources.tpu(),
            before.lastUpdateTime(),
            transitions(state),
            HeadView.endpoints(cluster, observed),
            HeadView.of(cluster, observed),
            words.orElse(null),
            conditions.sorted(),
            ready(),
            available(),
            sum(WorkerGroupSpec::desiredPods),
            sum(group -> (long) orElse(group.minReplicas(), 0) * group.hosts()),
            sum(group -> (long) orElse(group.maxReplicas(), Integer.MAX_VALUE) * group.hosts()),
            PlatformView.of(cluster, observed, expiry),
            cluster.getMetadata().getGeneration(),
            revisions.remembered(observed)));
  }

  private void expiry(Expiry expiry) {
    expiry
        .idleness()
        // It was found before the pass' writes, which may have deleted the head.
        .filter(idle -> observed.liveHead().isPresent())
        .ifPresent(idle ->
            conditions.set(
                ConditionTypes.IDLE, idle.idle(), idle.reason(), idle.message(), idle.since()));
    expiry
        .due()
        .ifPresent(due ->
            conditions.set(
                ConditionTypes.EXPIRING, true, due.reason(), due.message(cluster), due.since()));
  }

  /** What is missing, and what could not be written. */
  private Readiness readiness(Optional<Outdated> outdated, List<Outcome> outcomes) {
    Readiness present = Readiness.of(cluster, observed);
    Readiness readiness =
        outdated
            .filter(update -> cluster.getSpec().rolledOnChange())
            .map(present::during)
            .orElse(present);
    return outcomes.stream()
        .filter(outcome -> outcome.failure().isPresent())
        .findFirst()
        .map(outcome ->
            readiness.heldUpBy(
                Reasons.condition(outcome.action().reason()), outcome.failure().get().message()))
        .orElse(readiness);
  }

  private RayClusterStatus stalled(List<Problem> problems) {
    Problem first = problems.getFirst();
    boolean hasHead = cluster.getSpec() != null && cluster.getSpec().headGroupSpec() != null;
    String message = String.join("; ", problems.stream().map(Problem::message).toList());
    headPodReady();
    conditions.keep(ConditionTypes.PROVISIONED);
    conditions.keep(ConditionTypes.SUSPENDING);
    conditions.keep(ConditionTypes.SUSPENDED);
    conditions.keep(ConditionTypes.UPDATE_PENDING);
    // Not EXPIRING: nothing expires now, and there will have to be another warning.
    conditions.keep(ConditionTypes.IDLE);
    conditions.keep(ConditionTypes.NOTEBOOK_READY);
    conditions.keep(ConditionTypes.IDE_READY);
    conditions.keep(ConditionTypes.TUTORIALS_READY);
    conditions.set(ConditionTypes.STALLED, true, first.reason(), message);
    progress(new Readiness(false, first.reason(), message), true);
    return settled(
        new RayClusterStatus(
            before.state(),
            before.desiredCPU(),
            before.desiredMemory(),
            before.desiredGPU(),
            before.desiredTPU(),
            before.lastUpdateTime(),
            before.stateTransitionTimes(),
            hasHead ? HeadView.endpoints(cluster, observed) : before.endpoints(),
            hasHead ? HeadView.of(cluster, observed) : before.head(),
            Conditions.shortened(message),
            conditions.sorted(),
            ready(),
            available(),
            before.desiredWorkerReplicas(),
            before.minWorkerReplicas(),
            before.maxWorkerReplicas(),
            before.platform() == null ? null : before.platform().withoutExpiry(),
            cluster.getMetadata().getGeneration(),
            before.adoptedRevisions()));
  }

  private void headPodReady() {
    Optional<ObservedPod> head =
        observed.liveHead().or(() -> observed.heads().stream().findFirst());
    if (head.isEmpty()) {
      conditions.set(
          ConditionTypes.HEAD_POD_READY, false, "HeadPodNotFound", "The cluster has no head pod");
    } else if (head.get().ready() && head.get().isLive()) {
      conditions.set(ConditionTypes.HEAD_POD_READY, true, "HeadPodRunningAndReady", "");
    } else {
      conditions.set(
          ConditionTypes.HEAD_POD_READY,
          false,
          head.get().readyReason(),
          head.get().failure().orElse(head.get().readyMessage()));
    }
  }

  private void provisioned(boolean ready, Suspension suspension) {
    if (suspension == Suspension.SUSPENDED) {
      notProvisioned("The cluster is suspended");
    } else if (ready || conditions.wasTrue(ConditionTypes.PROVISIONED)) {
      conditions.set(
          ConditionTypes.PROVISIONED,
          true,
          "AllPodRunningAndReadyFirstTime",
          "All Ray pods have been running and ready");
    } else {
      notProvisioned("The Ray pods are being made for the first time");
    }
  }

  private void notProvisioned(String message) {
    conditions.set(ConditionTypes.PROVISIONED, false, "RayClusterPodsProvisioning", message);
  }

  private void suspended(Suspension suspension) {
    boolean suspended = suspension == Suspension.SUSPENDED;
    boolean suspending = suspension == Suspension.BEGINS || suspension == Suspension.SUSPENDING;
    conditions.set(ConditionTypes.SUSPENDED, suspended, ConditionTypes.SUSPENDED, "");
    conditions.set(ConditionTypes.SUSPENDING, suspending, ConditionTypes.SUSPENDING, "");
  }

  /**
   * Says whether the cluster is ready, and whether the operator is at work on it.
   *
   * @param waiting whether there is nothing more to do until somebody changes something
   */
  private void progress(Readiness readiness, boolean waiting) {
    boolean ready = readiness.ready();
    conditions.set(ConditionTypes.READY, ready, readiness.reason(), readiness.message());
    conditions.set(
        ConditionTypes.RECONCILING,
        !ready && !waiting,
        ready ? "Settled" : readiness.reason(),
        ready || waiting ? "" : readiness.message());
  }

  /**
   * KubeRay's: ready once exactly the wanted pods are; it stays so, whatever is lost, until the
   * cluster is suspended.
   */
  private String state(boolean ready, Suspension suspension) {
    if (suspension == Suspension.SUSPENDED && cluster.getSpec().suspended()) {
      return SUSPENDED;
    }
    long wanted =
        1
            + cluster.getSpec().workerGroupSpecs().stream()
                .mapToLong(WorkerGroupSpec::desiredPods)
                .sum();
    return ready && observed.pods().size() == wanted ? READY : before.state();
  }

  private Map<String, String> transitions(String state) {
    if (state == null || state.equals(before.state())) {
      return before.stateTransitionTimes();
    }
    Map<String, String> times = new LinkedHashMap<>();
    if (before.stateTransitionTimes() != null) {
      times.putAll(before.stateTransitionTimes());
    }
    times.put(state, Conditions.time(now));
    return times;
  }

  /**
   * The old status when nothing changed, else the new one with its time. Conditions that others
   * keep in the list are not ours to compare.
   */
  private RayClusterStatus settled(RayClusterStatus status) {
    List<Condition> old =
        before.conditions() == null
            ? List.of()
            : before.conditions().stream()
                .filter(condition -> ConditionTypes.OURS.contains(condition.getType()))
                .toList();
    return status.equals(before.withConditions(Conditions.sorted(old)))
        ? cluster.getStatus()
        : status.withLastUpdateTime(Conditions.time(now));
  }

  private Integer ready() {
    return count(observed.workers().stream().filter(p -> p.isLive() && p.ready()).count());
  }

  private Integer available() {
    return count(observed.workers().stream().filter(p -> p.isLive() && p.isRunning()).count());
  }

  private static int orElse(Integer value, int other) {
    return value == null ? other : value;
  }

  /** Over the groups that are not suspended, as {@link #count}. */
  private Integer sum(ToLongFunction<WorkerGroupSpec> number) {
    return count(
        cluster.getSpec().workerGroupSpecs().stream()
            .filter(group -> !group.suspended())
            .mapToLong(number)
            .map(pods -> Math.min(pods, Integer.MAX_VALUE))
            .sum());
  }

  /** Absent when it is zero, as KubeRay's are; never more than its type holds. */
  private static Integer count(long number) {
    return number == 0 ? null : (Integer) (int) Math.min(number, Integer.MAX_VALUE);
  }
}
