package dev.spray.operator.observe;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.ray.Activities;
import dev.spray.operator.ray.Head;
import dev.spray.operator.ray.IdleWorkers;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.resources.RayPorts;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Looks at what there is of a cluster: in the caches, on its nodes, and by Ray's word. */
public final class ClusterObserver {
  private final ClusterCaches caches;
  private final LostNodes lostNodes;
  private final IdleWorkers idleWorkers;
  private final Activities activities;
  private final Consumer<ResourceID> wakeUp;

  /**
   * @param wakeUp has a cluster looked at again
   */
  public ClusterObserver(
      ClusterCaches caches,
      LostNodes lostNodes,
      IdleWorkers idleWorkers,
      Activities activities,
      Consumer<ResourceID> wakeUp) {
    this.caches = caches;
    this.lostNodes = lostNodes;
    this.idleWorkers = idleWorkers;
    this.activities = activities;
    this.wakeUp = wakeUp;
  }

  /** Watches of everything that RayClusters own. */
  public List<EventSource<?, RayCluster>> eventSources(EventSourceContext<RayCluster> context) {
    return caches.eventSources(context);
  }

  /** All that is known at the start of a pass; also begins to watch what has come to be served. */
  public ObservedCluster observe(RayCluster cluster, Context<RayCluster> context, Instant now) {
    caches.watchFurther(context);
    return observe(cluster, now);
  }

  /** The same, where there is no context. */
  public ObservedCluster observe(RayCluster cluster, Instant now) {
    return lostNodes
        .mark(caches.snapshot(cluster), now)
        .withIdle(idleWorkers.known(cluster.getMetadata().getUid()))
        .withActivity(activities.known(cluster.getMetadata().getUid()));
  }

  /** What is there once a pass has written. */
  public ObservedCluster observeAgain(RayCluster cluster) {
    return caches.snapshot(cluster);
  }

  /** Asks the head what a plan wants to know; once it has answered, another pass follows. */
  public void ask(Plan plan, RayCluster cluster, ObservedCluster observed) {
    if (!plan.asksWhoIsIdle() && !plan.asksWhatRuns()) {
      return;
    }
    Runnable answered = () -> wakeUp.accept(ResourceID.fromResource(cluster));
    observed
        .liveHead()
        .flatMap(ObservedPod::ip)
        .map(address ->
            new Head(
                cluster.getMetadata().getUid(),
                address,
                RayPorts.ofDashboard(cluster),
                AuthToken.ofHead(cluster)))
        .ifPresent(head -> {
          if (plan.asksWhoIsIdle()) {
            idleWorkers.ask(head, answered);
          }
          if (plan.asksWhatRuns()) {
            activities.ask(head, answered);
          }
        });
  }

  /**
   * Notes that a cluster itself was written: the next pass may come before the watch has shown it.
   *
   * @param before as the pass has looked at it
   */
  public static void written(RayCluster now, RayCluster before, Context<RayCluster> context) {
    context
        .eventSourceRetriever()
        .getControllerEventSource()
        .handleRecentResourceUpdate(ResourceID.fromResource(before), now, before);
  }
}
