package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RollingUpdate;
import dev.spray.operator.observe.ObservedPod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A worker group of which some replicas are older than the spec, and what may be done about it at
 * this moment; pure. The arithmetic is that of Kubernetes' Deployments, but that a replica which
 * still finishes its work counts as long as it is there: it holds its node.
 *
 * @param desired wanted replicas
 * @param surge how many more there may be
 * @param unavailable how many of the wanted ones may be missing or not ready
 * @param old replicas that are older than the spec, and not on their way out
 * @param fresh the others
 * @param leaving number of replicas that are on their way out
 */
record Rollout(
    int desired, int surge, int unavailable, List<Replica> old, List<Replica> fresh, int leaving) {

  static Rollout of(
      RollingUpdate update,
      int desired,
      List<Replica> staying,
      int leaving,
      Predicate<ObservedPod> isOutdated) {
    List<Replica> old = staying.stream().filter(replica -> replica.any(isOutdated)).toList();
    List<Replica> fresh = staying.stream().filter(replica -> !replica.any(isOutdated)).toList();
    return new Rollout(
        desired, update.surgeOf(desired), update.unavailableOf(desired), old, fresh, leaving);
  }

  /** How many replicas of the present spec are to be made. */
  int creations() {
    int there = old.size() + fresh.size();
    int within = Math.min(desired + surge - there - leaving, desired - fresh.size());
    // What is lost beyond what may be missing is made anew, whoever is still leaving.
    int lost = leastReady() - there;
    return Math.max(0, Math.max(within, lost));
  }

  /**
   * Which old ones may go now: first those that aren't ready, then as many of the others as can be
   * spared.
   *
   * @param order who goes first
   * @param mayGo whether one that is ready would lose nothing
   */
  List<Replica> deletions(Comparator<Replica> order, Predicate<Replica> mayGo) {
    int freshNotReady = (int) fresh.stream().filter(Predicate.not(Rollout::isReady)).count();
    int most = old.size() + fresh.size() - leastReady() - freshNotReady;
    if (most <= 0) {
      return List.of();
    }
    List<Replica> going =
        new ArrayList<>(
            old.stream()
                .filter(Predicate.not(Rollout::isReady))
                .sorted(order)
                .limit(most)
                .toList());
    int ready = (int) (old.size() + fresh.size() - freshNotReady - notReady(old));
    int spared = Math.min(most - going.size(), ready - leastReady());
    old.stream()
        .filter(Rollout::isReady)
        .sorted(order)
        .filter(mayGo)
        .limit(Math.max(0, spared))
        .forEach(going::add);
    return going;
  }

  private int leastReady() {
    return Math.max(0, desired - unavailable);
  }

  private static long notReady(List<Replica> replicas) {
    return replicas.stream().filter(Predicate.not(Rollout::isReady)).count();
  }

  static boolean isReady(Replica replica) {
    return replica.all(ObservedPod::ready);
  }
}
