package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;

/** Keeps readings of pods. */
final class PodStore extends TransformingItemStore<Pod> {

  PodStore() {
    super(ReadPod::of);
  }

  /**
   * Has the informer tell of listed objects when the list is complete, out of this store. Otherwise
   * it queues them as they came: at a start all pods at once, whole.
   */
  @Override
  public boolean isFullState() {
    return true;
  }
}
