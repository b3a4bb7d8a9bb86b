package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A plan for a cluster's pods in the making. */
final class Draft {
  /** A pod that fails sooner than this is replaced only then: no tight loop of failing pods. */
  static final Duration SHORTEST_LIFE = Duration.ofSeconds(10);

  /** Pods that one pass creates at most: a pass holds them all, and a typo can ask for millions. */
  static final int MOST_CREATIONS = 200;

  /** As soon as what this pass writes can be seen. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Instant now;
  private final List<Action> deletions = new ArrayList<>();
  private final List<Action> creations = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Optional<Duration> lookAgainIn = Optional.empty();
  private boolean asksWhoIsIdle;

  /**
   * An empty one.
   *
   * @param names of pods that there are
   */
  Draft(Instant now, Collection<String> names) {
    this.now = now;
    this.names.addAll(names);
  }

  /** Whether there is, or will be, a pod of this name. */
  boolean isTaken(String name) {
    return names.contains(name);
  }

  void delete(ObservedPod pod, Reason reason) {
    delete(pod, false, reason);
  }

  /** Removes a pod that nobody is left to end. */
  void forceDelete(ObservedPod pod, Reason reason) {
    delete(pod, true, reason);
  }

  private void delete(ObservedPod pod, boolean force, Reason reason) {
    deletions.add(
        new Action.DeletePod(
            pod.namespace(), pod.name(), pod.uid(), pod.resourceVersion(), force, reason));
  }

  /**
   * Creates a pod, if the pass has room for it.
   *
   * @return whether it has; if not, another pass follows at once
   */
  boolean create(Pod pod, Reason reason) {
    if (creations.size() >= MOST_CREATIONS) {
      lookAgainAtOnce();
      return false;
    }
    creations.add(new Action.CreatePod(pod, reason));
    names.add(pod.getMetadata().getName());
    return true;
  }

  /** Whether there are pods to create. */
  boolean createsPods() {
    return !creations.isEmpty();
  }

  boolean isPast(Instant then) {
    return then.isBefore(now);
  }

  boolean isOlderThan(Instant then, Duration age) {
    return then.isBefore(now.minus(age));
  }

  /** Whether a pod may be replaced by now; if not, another pass follows when it may. */
  boolean isOldEnough(ObservedPod pod) {
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

  void askWhoIsIdle() {
    asksWhoIsIdle = true;
  }

  void lookAgainAt(Instant then) {
    lookAgainIn(Duration.between(now, then));
  }

  void lookAgainIn(Duration wait) {
    if (lookAgainIn.filter(other -> other.compareTo(wait) <= 0).isEmpty()) {
      lookAgainIn = Optional.of(wait);
    }
  }

  void lookAgainAtOnce() {
    lookAgainIn(AT_ONCE);
  }

  /**
   * What has come together.
   *
   * @param first what is done before anything about pods
   */
  Plan after(List<Action> first) {
    // Deletions before creations: what they free, a quota or a node, may be needed.
    List<Action> actions = Stream.of(first, deletions, creations).flatMap(List::stream).toList();
    return new Plan(actions, lookAgainIn, asksWhoIsIdle);
  }
}
