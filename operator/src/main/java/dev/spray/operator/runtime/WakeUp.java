package dev.spray.operator.runtime;

import dev.spray.api.raycluster.RayCluster;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Has clusters looked at again: all of them, because what happened while the lease was elsewhere
 * was passed over; or one, because something is known of it now that no watch tells.
 */
final class WakeUp {
  private volatile EventSourceContext<RayCluster> context;
  private final SimpleInboundEventSource<RayCluster> source =
      new SimpleInboundEventSource<>("wake-up");

  EventSource<?, RayCluster> source(EventSourceContext<RayCluster> context) {
    this.context = context;
    return source;
  }

  void everybody() {
    clusters().map(ResourceID::fromResource).forEach(this::one);
  }

  /** Has this cluster looked at. */
  void one(ResourceID cluster) {
    source.propagateEvent(cluster);
  }

  /** A cluster in the cache; none before the caches are there. */
  Optional<RayCluster> cluster(ResourceID cluster) {
    return context == null ? Optional.empty() : context.getPrimaryCache().get(cluster);
  }

  /** All clusters in the cache. */
  Stream<RayCluster> clusters() {
    return context.getPrimaryCache().list(cluster -> true);
  }
}
