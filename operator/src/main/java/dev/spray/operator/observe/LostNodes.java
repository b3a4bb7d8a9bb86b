package dev.spray.operator.observe;

import java.time.Instant;
import java.util.function.Predicate;

/**
 * Finds out which heads that should be gone lie on nodes that are gone.
 *
 * <p>A pod alone doesn't tell. That its kubelet hasn't removed it in time means that the node is
 * cut off, or dead, or only slow: on a living node the old head may still run, and a second one
 * beside it must never be. Only one thing is sure: a node that the API server doesn't know runs
 * nothing. It is asked for just such a head and its node, so that nodes need not be watched.
 */
public final class LostNodes {
  private final Predicate<String> isGone;

  /**
   * @param isGone asks the API server about the node of this name; false when it can't tell
   */
  public LostNodes(Predicate<String> isGone) {
    this.isGone = isGone;
  }

  /** What was observed, with the heads marked whose node is gone. */
  public ObservedCluster mark(ObservedCluster observed, Instant now) {
    return observed.pods().stream().noneMatch(pod -> isOverdue(pod, now))
        ? observed
        : observed.withPods(
            observed.pods().stream()
                .map(pod -> isOverdue(pod, now) && isOnGoneNode(pod) ? pod.asOnGoneNode() : pod)
                .toList());
  }

  private static boolean isOverdue(ObservedPod pod, Instant now) {
    return pod.head() && pod.due().filter(now::isAfter).isPresent();
  }

  private boolean isOnGoneNode(ObservedPod pod) {
    return pod.node().filter(isGone).isPresent();
  }
}
