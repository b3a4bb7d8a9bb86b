package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import java.util.Comparator;

/** Which replicas of a group go first when it shrinks and nobody named them. */
final class ScaleDown {

  /**
   * Those that do least go first: without all their hosts, without a node, not running, running but
   * not ready; among equals the youngest, and then the highest index, so that the lower ones stay
   * dense. The name settles the rest.
   */
  static final Comparator<Replica> FIRST_TO_GO =
      Comparator.<Replica, Integer>comparing(replica -> replica.pods().size())
          .thenComparing(replica -> replica.all(ObservedPod::isScheduled))
          .thenComparing(replica -> replica.all(ObservedPod::isRunning))
          .thenComparing(replica -> replica.all(ObservedPod::ready))
          .thenComparing(Replica::completed, Comparator.reverseOrder())
          .thenComparing(
              replica -> replica.index().orElse(Integer.MAX_VALUE), Comparator.reverseOrder())
          .thenComparing(Replica::name);

  private ScaleDown() {}
}
