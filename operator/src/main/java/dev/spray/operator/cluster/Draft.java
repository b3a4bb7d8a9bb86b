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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A plan for a cluster's pods in the making. */
final class Draft {
  /** A pod that fails sooner than this is replaced only then: no tight loop of failing pods. */
  static final Duration SHORTEST_LIFE = Duration.ofSeconds(10);

  /** Pods that one pass creates at most: a pass holds them all, and a typo can ask for millions. */
  static final int MOST_CREATIONS = 200;

  /** As soon as what this pass writes can be seen. */
  static final Duration AT_ONCE = Duration.ofMillis(1);

  /** Which Ray has to end its processes, once it has stopped waiting for the work to be done. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(15);

  private final Instant now;
  private final UnaryOperator<Pod> finish;
  private final List<Action> deletions = new ArrayList<>();
  private final List<Action> creations = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Optional<Duration> lookAgainIn = Optional.empty();
  private boolean asksWhoIsIdle;
  private boolean asksWhatRuns;

  /**
   * An empty one that adds nothing to new pods.
   *
   * @param names of pods that there are
   */
  Draft(Instant now, Collection<String> names) {
    this(now, names, pod -> pod);
  }

  /**
   * An empty one.
   *
   * @param names of pods that there are
   * @param finish what every new pod gets in the end
   */
  Draft(Instant now, Collection<String> names, UnaryOperator<Pod> finish) {
    this.now = now;
    this.finish = finish;
    this.names.addAll(names);
  }

  /** Whether there is, or will be, a pod of this name. */
  boolean isTaken(String name) {
    return names.contains(name);
  }

  void delete(ObservedPod pod, Reason reason) {
    delete(pod, Optional.empty(), reason);
  }

  /** Ends a pod that finishes its work first, if it can. */
  void drain(ObservedPod pod, Reason reason) {
    delete(pod, pod.drain().map(time -> time.plus(AFTER_DRAIN)), reason);
  }

  /** Removes a pod that nobody is left to end. */
  void forceDelete(ObservedPod pod, Reason reason) {
    delete(pod, Optional.of(Duration.ZERO), reason);
  }

  private void delete(ObservedPod pod, Optional<Duration> grace, Reason reason) {
    deletions.add(
        new Action.DeletePod(
            pod.namespace(), pod.name(), pod.uid(), pod.resourceVersion(), grace, reason));
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
    creations.add(new Action.CreatePod(finish.apply(pod), reason));
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

  /**
   * Whether the end of a pod that is on its way out is still to be waited for: one that should be
   * gone by now may be on a node that is cut off. If it is, another pass follows when it should be.
   */
  boolean isAwaited(ObservedPod pod) {
    if (pod.due().isEmpty()) {
      return true;
    }
    Instant due = pod.due().get();
    if (isPast(due)) {
      return false;
    }
    // Times are stored in whole seconds.
    lookAgainAt(due.plusSeconds(1));
    return true;
  }

  void askWhoIsIdle() {
    asksWhoIsIdle = true;
  }

  void askWhatRuns() {
    asksWhatRuns = true;
  }

  void lookAgainAt(Instant then) {
    lookAgainIn(Duration.between(now, then));
  }

  /** Unless it is past. */
  void lookAgainAfter(Instant then) {
    if (!isPast(then)) {
      lookAgainAt(then.plusSeconds(1));
    }
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
    return new Plan(actions, lookAgainIn, asksWhoIsIdle, asksWhatRuns);
  }
}
