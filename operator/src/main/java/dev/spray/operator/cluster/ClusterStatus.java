package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.HeadInfo;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Computes the status of a RayCluster; pure. */
final class ClusterStatus {
  private static final String READY = "ready";
  private static final RayClusterStatus NONE =
      new RayClusterStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null);

  private final RayCluster cluster;
  private final RayClusterStatus before;
  private final Instant now;
  private final Conditions conditions;

  private ClusterStatus(RayCluster cluster, Instant now) {
    this.cluster = cluster;
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
    return new ClusterStatus(cluster, now).of(observed, outcomes);
  }

  /** The status of a cluster whose spec can't be carried out: what runs is left and still told. */
  static RayClusterStatus stalled(
      RayCluster cluster, ObservedCluster observed, List<Problem> problems, Instant now) {
    return new ClusterStatus(cluster, now).stalled(observed, problems);
  }

  private RayClusterStatus of(ObservedCluster observed, List<Outcome> outcomes) {
    var spec = cluster.getSpec();
    Optional<Outcome> reported =
        outcomes.stream()
            .filter(o -> o.failure().filter(f -> f.kind() != Outcome.Kind.TRANSIENT).isPresent())
            .findFirst();
    Readiness readiness = readiness(observed, outcomes);
    boolean ready = readiness.ready();

    headPodReady(observed);
    provisioned(ready);
    reported.ifPresent(outcome ->
        conditions.set(
            ConditionTypes.REPLICA_FAILURE,
            true,
            conditionReason(outcome),
            outcome.failure().get().message()));
    conditions.set(ConditionTypes.READY, ready, readiness.reason(), readiness.message());
    Optional<Outcome> invalid =
        reported.filter(o -> o.failure().get().kind() == Outcome.Kind.INVALID);
    conditions.set(
        ConditionTypes.STALLED,
        invalid.isPresent(),
        invalid.map(ClusterStatus::conditionReason).orElse("SpecAccepted"),
        invalid.map(o -> o.failure().get().message()).orElse(""));
    reconciling(
        !ready && invalid.isEmpty(),
        ready ? "Settled" : readiness.reason(),
        ready ? "" : readiness.message());

    String state = ready ? READY : before.state();
    var resources = DesiredResources.of(spec);
    List<WorkerGroupSpec> groups = spec.workerGroupSpecs();
    return settled(
        new RayClusterStatus(
            state,
            resources.cpu(),
            resources.memory(),
            resources.gpu(),
            resources.tpu(),
            before.lastUpdateTime(),
            transitions(state),
            endpoints(observed),
            head(observed),
            reported.map(o -> o.failure().get().message()).orElse(""),
            conditions.sorted(),
            count(observed.workers().stream().filter(p -> p.isLive() && p.ready()).count()),
            count(observed.workers().stream().filter(p -> p.isLive() && p.isRunning()).count()),
            count(groups.stream().mapToLong(WorkerGroupSpec::desiredReplicas).sum()),
            count(groups.stream().mapToLong(g -> orElse(g.minReplicas(), 0)).sum()),
            count(groups.stream().mapToLong(g -> orElse(g.maxReplicas(), Integer.MAX_VALUE)).sum()),
            cluster.getMetadata().getGeneration()));
  }

  /** What is missing, and what could not be written. */
  private Readiness readiness(ObservedCluster observed, List<Outcome> outcomes) {
    Readiness readiness = Readiness.of(cluster.getSpec(), observed);
    return outcomes.stream()
        .filter(outcome -> outcome.failure().isPresent())
        .findFirst()
        .map(outcome ->
            readiness.heldUpBy(conditionReason(outcome), outcome.failure().get().message()))
        .orElse(readiness);
  }

  /** KubeRay's conditions say {@code FailedCreateHeadPod} where its Events say FailedTo. */
  private static String conditionReason(Outcome outcome) {
    return outcome.action().reason().failed().replaceFirst("^FailedTo", "Failed");
  }

  private RayClusterStatus stalled(ObservedCluster observed, List<Problem> problems) {
    Problem first = problems.getFirst();
    String message = String.join("; ", problems.stream().map(Problem::message).toList());
    headPodReady(observed);
    conditions.keep(ConditionTypes.PROVISIONED);
    conditions.set(ConditionTypes.READY, false, first.reason(), message);
    conditions.set(ConditionTypes.STALLED, true, first.reason(), message);
    reconciling(false, first.reason(), "");
    return settled(
        new RayClusterStatus(
            before.state(),
            before.desiredCPU(),
            before.desiredMemory(),
            before.desiredGPU(),
            before.desiredTPU(),
            before.lastUpdateTime(),
            before.stateTransitionTimes(),
            before.endpoints(),
            before.head(),
            message,
            conditions.sorted(),
            before.readyWorkerReplicas(),
            before.availableWorkerReplicas(),
            before.desiredWorkerReplicas(),
            before.minWorkerReplicas(),
            before.maxWorkerReplicas(),
            cluster.getMetadata().getGeneration()));
  }

  private void headPodReady(ObservedCluster observed) {
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

  private void provisioned(boolean ready) {
    if (ready || conditions.wasTrue(ConditionTypes.PROVISIONED)) {
      conditions.set(
          ConditionTypes.PROVISIONED,
          true,
          "AllPodRunningAndReadyFirstTime",
          "All Ray pods have been running and ready");
    } else {
      conditions.set(
          ConditionTypes.PROVISIONED,
          false,
          "RayClusterPodsProvisioning",
          "The Ray pods are being made for the first time");
    }
  }

  private void reconciling(boolean value, String reason, String message) {
    conditions.set(ConditionTypes.RECONCILING, value, reason, message);
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

  private Map<String, String> endpoints(ObservedCluster observed) {
    Map<String, String> endpoints = new TreeMap<>();
    service(observed)
        .map(service -> service.getSpec().getPorts())
        .orElse(List.of())
        .forEach(port -> endpoints.put(port.getName(), reachableAt(port)));
    return endpoints.isEmpty() ? null : endpoints;
  }

  private static String reachableAt(ServicePort port) {
    boolean onNodes = port.getNodePort() != null && port.getNodePort() != 0;
    return onNodes ? port.getNodePort().toString() : port.getTargetPort().getValue().toString();
  }

  private HeadInfo head(ObservedCluster observed) {
    Optional<ObservedPod> pod = observed.liveHead();
    Optional<Service> service = service(observed);
    Optional<String> ip = pod.flatMap(ObservedPod::ip);
    return new HeadInfo(
        ip.orElse(null),
        pod.map(ObservedPod::name).orElse(null),
        service
            .map(s -> s.getSpec().getClusterIP())
            .filter(clusterIp -> !clusterIp.equals("None"))
            .or(() -> ip)
            .orElse(null),
        service.map(s -> s.getMetadata().getName()).orElse(null));
  }

  private Optional<Service> service(ObservedCluster observed) {
    return observed.service(HeadService.name(cluster));
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

  private static int orElse(Integer value, int other) {
    return value == null ? other : value;
  }

  private static int count(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }
}
