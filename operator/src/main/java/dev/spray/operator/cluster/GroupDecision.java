package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Reason;
import dev.spray.operator.pods.Host;
import dev.spray.operator.pods.PodNames;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.pods.WorkerIdentity;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Decides about the workers of one group, replica by replica. */
final class GroupDecision {
  /** By then the hosts of a replica have been created, if nothing refuses them. */
  static final Duration MAKING = Duration.ofMinutes(1);

  /** How often Ray is asked whether a worker that can't be drained has become idle. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(15);

  private final RayCluster cluster;
  private final WorkerGroupSpec group;
  private final int hosts;
  private final Revisions revisions;
  private final ObservedCluster observed;
  private final List<Replica> replicas;
  private final ClusterSettings settings;
  private final Draft draft;

  /** Names of replicas that are not to be given again. */
  private final Set<String> replicaNames;

  private GroupDecision(
      RayCluster cluster,
      WorkerGroupSpec group,
      Revisions revisions,
      ObservedCluster observed,
      ClusterSettings settings,
      Draft draft) {
    this.cluster = cluster;
    this.group = group;
    this.hosts = group.hosts();
    this.revisions = revisions;
    this.observed = observed;
    this.replicas = Replica.of(observed.workers(group.groupName()), hosts);
    this.settings = settings;
    this.draft = draft;
    this.replicaNames =
        replicas.stream().map(Replica::name).collect(Collectors.toCollection(HashSet::new));
  }

  static void decide(
      RayCluster cluster,
      WorkerGroupSpec group,
      Revisions revisions,
      ObservedCluster observed,
      ClusterSettings settings,
      Draft draft) {
    GroupDecision decision =
        new GroupDecision(cluster, group, revisions, observed, settings, draft);
    if (group.suspended()) {
      decision.suspend();
    } else {
      decision.decide();
    }
  }

  private void suspend() {
    Reason reason = Reasons.deleteGroup("group %s is suspended".formatted(group.groupName()));
    replicas.forEach(replica -> delete(replica, reason));
  }

  private void decide() {
    List<Replica> staying = new ArrayList<>();
    for (Replica replica : replicas) {
      if (!replica.all(ObservedPod::terminating)) {
        fate(replica)
            .ifPresentOrElse(
                why -> delete(replica, Reasons.deleteWorker(why)), () -> staying.add(replica));
      }
    }
    int desired = group.desiredReplicas();
    List<Replica> leaving = cluster.getSpec().rolledOnChange() ? leaving() : List.of();
    if (cluster.getSpec().rolledOnChange()
        && Stream.concat(staying.stream(), leaving.stream()).anyMatch(this::isOld)) {
      roll(staying, leaving.size(), desired);
    } else {
      resize(staying, desired);
    }
  }

  private void resize(List<Replica> staying, int desired) {
    String why =
        "group %s wants %d %s and has %d"
            .formatted(group.groupName(), desired, what(), staying.size());
    if (maySelect()) {
      List<Replica> surplus = surplus(staying, staying.size() - desired);
      surplus.forEach(replica -> delete(replica, Reasons.deleteWorker(why)));
      staying.removeAll(surplus);
    }
    if (complete(staying)) {
      grow(staying, desired - staying.size(), Reasons.createWorker(why));
    }
  }

  private boolean isOld(Replica replica) {
    return replica.any(revisions::isOutdated);
  }

  /** Replicas that are on their way out and are waited for; they hold their nodes until then. */
  private List<Replica> leaving() {
    return observed.workers(group.groupName()).stream()
        .filter(pod -> pod.terminating() && draft.isAwaited(pod))
        .collect(Collectors.groupingBy(pod -> pod.host().map(Host::replicaName).orElse(pod.name())))
        .values()
        .stream()
        .map(Replica::new)
        .toList();
  }

  /** Replaces replicas that are older than the spec, as many at a time as the user allows. */
  private void roll(List<Replica> staying, int leaving, int desired) {
    Rollout rollout =
        Rollout.of(
            cluster.getSpec().rollingUpdate(), desired, staying, leaving, revisions::isOutdated);
    String why =
        "group %s wants %d %s, and %d are older than the spec"
            .formatted(group.groupName(), desired, what(), rollout.old().size());
    Reason reason = Reasons.deleteWorker(why);
    rollout
        .deletions(
            ScaleDown.firstToBeReplaced(observed.idle().orElse(Set.of())), this::losesNothing)
        .forEach(replica ->
            replica.pods().stream()
                .filter(pod -> !pod.terminating())
                .forEach(pod -> draft.drain(pod, reason)));
    rollout.fresh().stream()
        .filter(replica -> !Rollout.isReady(replica))
        .flatMap(replica -> replica.pods().stream())
        .forEach(pod -> pod.created().map(Outdated::overdueAt).ifPresent(draft::lookAgainAfter));
    if (complete(rollout.fresh())) {
      grow(staying, rollout.creations(), Reasons.createWorker(why));
    }
  }

  /**
   * Whether a replica that is told to end finishes its work first, or has none by Ray's word. While
   * the head isn't ready nobody knows.
   */
  private boolean losesNothing(Replica replica) {
    if (observed.liveHead().filter(ObservedPod::ready).isEmpty()) {
      return false;
    }
    if (replica.all(pod -> pod.drain().isPresent())) {
      return true;
    }
    if (observed.idle().isEmpty()) {
      draft.askWhoIsIdle();
    } else {
      draft.lookAgainIn(ASK_AGAIN);
    }
    return ScaleDown.isIdle(replica, observed.idle().orElse(Set.of()));
  }

  /**
   * Those that are too many; where it makes a difference who is idle, only once Ray has said so.
   */
  private List<Replica> surplus(List<Replica> staying, int number) {
    long notReady = staying.stream().filter(replica -> !replica.all(ObservedPod::ready)).count();
    boolean ask =
        number > notReady
            && number < staying.size()
            && observed.idle().isEmpty()
            && observed
                .liveHead()
                .filter(head -> head.ready() && head.ip().isPresent())
                .isPresent();
    if (ask) {
      draft.askWhoIsIdle();
    }
    return staying.stream()
        .sorted(ScaleDown.firstToGo(observed.idle().orElse(Set.of())))
        .limit(Math.max(0, ask ? notReady : number))
        .toList();
  }

  /** Ray's autoscaler knows which workers are idle, and names those that are to go. */
  private boolean maySelect() {
    return !cluster.getSpec().autoscaled() || settings.randomPodDelete();
  }

  private String what() {
    return hosts == 1 ? "workers" : "replicas of %d hosts".formatted(hosts);
  }

  /** Why a replica must go, whatever the size of the group. */
  private Optional<String> fate(Replica replica) {
    for (ObservedPod pod : replica.pods()) {
      Optional<String> why = fate(pod);
      if (why.isPresent()) {
        return why.map(text ->
            hosts == 1 ? text : "replica %s: %s: %s".formatted(replica.name(), pod.name(), text));
      }
    }
    if (!replica.fits(hosts)) {
      return Optional.of(
          "replica %s has %d hosts and group %s wants %d"
              .formatted(replica.name(), replica.pods().size(), group.groupName(), hosts));
    }
    return hasLostHosts(replica)
        ? Optional.of("replica %s has lost a host".formatted(replica.name()))
        : Optional.empty();
  }

  /** Why a pod must go. */
  private Optional<String> fate(ObservedPod pod) {
    if (pod.terminating()) {
      return Optional.of("it is on its way out");
    }
    if (group.workersToDelete().contains(pod.name())) {
      return Optional.of("it is named in workersToDelete");
    }
    return pod.failure().filter(failure -> draft.isOldEnough(pod));
  }

  /**
   * Whether hosts are missing because they are gone, not because they have yet to be made: nobody
   * has seen them end where their node was deleted, for example. As long as no host runs it can't
   * be told. It is certain if the whole cluster was ready at some time after the youngest host that
   * is left was made. Otherwise it is inferred: if the hosts that are left are older than {@link
   * #MAKING} and no create was refused, the others had been made too.
   */
  private boolean hasLostHosts(Replica replica) {
    if (replica.pods().size() == hosts || !replica.any(ObservedPod::isRunning)) {
      return false;
    }
    List<Condition> conditions = Conditions.of(cluster);
    boolean wasWhole =
        Stream.of(ConditionTypes.READY, ConditionTypes.PROVISIONED)
            .flatMap(type -> Conditions.trueSince(conditions, type).stream())
            .anyMatch(replica.completed()::isBefore);
    return wasWhole
        || (draft.isOlderThan(replica.completed(), MAKING)
            && !Conditions.isTrue(conditions, ConditionTypes.REPLICA_FAILURE));
  }

  /** Last of all those that say why: who finds a replica half deleted must still know. */
  private void delete(Replica replica, Reason reason) {
    replica.pods().stream()
        .filter(pod -> !pod.terminating())
        .sorted(Comparator.comparing(pod -> fate(pod).isPresent()))
        .forEach(pod -> draft.delete(pod, reason));
  }

  /**
   * Creates hosts that have yet to be made.
   *
   * @return whether the pass has room for more
   */
  private boolean complete(List<Replica> staying) {
    for (Replica replica : staying) {
      Reason reason = Reasons.createWorker("replica %s is not complete".formatted(replica.name()));
      int index = replica.index().orElse(0);
      boolean complete =
          replica
              .missing(hosts)
              .map(host -> Optional.of(new Host(replica.name(), host)))
              .allMatch(host -> create(index, host, reason));
      if (!complete) {
        return false;
      }
    }
    return true;
  }

  private void grow(List<Replica> staying, int missing, Reason reason) {
    Set<Integer> indices =
        staying.stream().flatMap(replica -> replica.index().stream()).collect(Collectors.toSet());
    int left = missing;
    for (int index = 0; left > 0; index++) {
      if (!indices.contains(index)) {
        if (!create(index, reason)) {
          return;
        }
        left--;
      }
    }
  }

  private boolean create(int index, Reason reason) {
    if (hosts == 1) {
      return create(index, Optional.empty(), reason);
    }
    String name =
        PodNames.replica(
            cluster.getMetadata().getUid(), group.groupName(), index, replicaNames::contains);
    replicaNames.add(name);
    return IntStream.range(0, hosts)
        .allMatch(host -> create(index, Optional.of(new Host(name, host)), reason));
  }

  private boolean create(int index, Optional<Host> host, Reason reason) {
    String uid = cluster.getMetadata().getUid();
    String name = cluster.getMetadata().getName();
    Predicate<String> taken =
        other ->
            draft.isTaken(other)
                || observed.pastPods().contains(other)
                || group.workersToDelete().contains(other);
    String podName =
        host.map(one -> PodNames.worker(uid, name, group.groupName(), one, taken))
            .orElseGet(() -> PodNames.worker(uid, name, group.groupName(), index, taken));
    WorkerIdentity id = new WorkerIdentity(podName, index, host);
    return draft.create(revisions.mark(RayPod.worker(cluster, group, id, settings.pods())), reason);
  }
}
