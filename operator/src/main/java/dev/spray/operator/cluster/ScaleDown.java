package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Predicate;

/** Which replicas of a group go first when it shrinks and nobody named them. */
final class ScaleDown {

  /**
   * Those that do least go first: without all their hosts, without a node, not running, running but
   * not ready, idle; among equals the youngest, and then the highest index, so that the lower ones
   * stay dense. The name settles the rest.
   *
   * @param idle addresses of workers that have nothing to do
   */
  static Comparator<Replica> firstToGo(Set<String> idle) {
    Predicate<ObservedPod> isBusy = pod -> pod.ip().filter(idle::contains).isEmpty();
    return Comparator.<Replica, Integer>comparing(replica -> replica.pods().size())
        .thenComparing(replica -> replica.all(ObservedPod::isScheduled))
        .thenComparing(replica -> replica.all(ObservedPod::isRunning))
        .thenComparing(replica -> replica.all(ObservedPod::ready))
        .thenComparing(replica -> replica.any(isBusy))
        .thenComparing(Replica::completed, Comparator.reverseOrder())
        .thenComparing(
            replica -> replica.index().orElse(Integer.MAX_VALUE), Comparator.reverseOrder())
        .thenComparing(Replica::name);
  }

  private ScaleDown() {}
}
