package dev.spray.e2e.faults;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

/** Informers that outlive an API server which, right after its start, refuses even its watches. */
final class Endless {

  /** Filled when it is returned; lists again after any failure. */
  static <R extends HasMetadata> SharedIndexInformer<R> inform(
      Informable<R> resources, ResourceEventHandler<R> handler) {
    SharedIndexInformer<R> informer = resources.runnableInformer(0);
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(handler);
    return informer.run();
  }

  private Endless() {}
}
