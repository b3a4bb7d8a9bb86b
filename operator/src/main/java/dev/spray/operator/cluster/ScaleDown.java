package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import java.util.Comparator;

/** Which pods of a group go first when it shrinks and nobody named them. */
final class ScaleDown {

  /**
   * Those that do least go first: not running, running but not ready, and among equals the highest
   * index, so that the lower ones stay dense. The name settles the rest.
   */
  static final Comparator<ObservedPod> FIRST_TO_GO =
      Comparator.comparing(ObservedPod::isRunning)
          .thenComparing(ObservedPod::ready)
          .thenComparing(pod -> pod.index().orElse(Integer.MAX_VALUE), Comparator.reverseOrder())
          .thenComparing(ObservedPod::name);

  private ScaleDown() {}
}
