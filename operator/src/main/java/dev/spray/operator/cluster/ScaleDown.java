package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Predicate;

/** Which replicas of a group go first when it shrinks and nobody named them. */
final class ScaleDown {

  /**
   * Those that do least go first; among equals the youngest, and then the highest index, so that
   * the lower ones stay dense. The name settles the rest.
   *
   * @param idle addresses of workers that have nothing to do
   */
  static Comparator<Replica> firstToGo(Set<String> idle) {
    return leastAtWork(idle)
        .thenComparing(Replica::completed, Comparator.reverseOrder())
        .thenComparing(highestIndex());
  }

  /** The same where all will go in the end: their age doesn't matter. */
  static Comparator<Replica> firstToBeReplaced(Set<String> idle) {
    return leastAtWork(idle).thenComparing(highestIndex());
  }

  /** Without all their hosts, without a node, not running, running but not ready, idle. */
  private static Comparator<Replica> leastAtWork(Set<String> idle) {
    return Comparator.<Replica, Integer>comparing(replica -> replica.pods().size())
        .thenComparing(replica -> replica.all(ObservedPod::isScheduled))
        .thenComparing(replica -> replica.all(ObservedPod::isRunning))
        .thenComparing(replica -> replica.all(ObservedPod::ready))
        .thenComparing(replica -> !isIdle(replica, idle));
  }

  private static Comparator<Replica> highestIndex() {
    return Comparator.<Replica, Integer>comparing(
            replica -> replica.index().orElse(Integer.MAX_VALUE), Comparator.reverseOrder())
        .thenComparing(Replica::name);
  }

  /** Whether none of its pods has anything to do. */
  static boolean isIdle(Replica replica, Set<String> idle) {
    Predicate<ObservedPod> isIdle = pod -> pod.ip().filter(idle::contains).isPresent();
    return replica.all(isIdle);
  }

  private ScaleDown() {}
}
