package dev.spray.operator.observe;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The watches behind a RayCluster, and the snapshot that a pass works on.
 *
 * <p>JOSDK gives one item store to the informers of all its namespaces, and each of them deletes
 * what it doesn't list: pruning stores are only for one namespace, or all.
 */
public final class ClusterCaches {
  /** Objects per page of a list: bounds the heap that a start over many clusters needs. */
  private static final long PAGE = 200L;

  /** As KubeRay selects them: in its clusters a template may have changed all other labels. */
  private static final String RAY_PODS =
      "%s in (%s,%s)".formatted(RayLabels.NODE_TYPE, RayLabels.HEAD, RayLabels.WORKER);

  /** Kinds of the objects beside the pods. */
  private static final List<Class<? extends HasMetadata>> CHILDREN =
      List.of(
          Service.class,
          ServiceAccount.class,
          Role.class,
          RoleBinding.class,
          Ingress.class,
          NetworkPolicy.class);

  /** Of Jobs those that remove the state of deleted clusters. */
  private static final String REDIS_CLEANUP = RayLabels.NODE_TYPE + "=" + RayLabels.REDIS_CLEANUP;

  private final OwnWrites ownWrites;
  private final Supplier<Optional<Class<? extends HasMetadata>>> further;
  private volatile boolean watchesFurther;
  private volatile EventSourceContext<RayCluster> sources;
  private final PastPods pastPods = new PastPods();
  private final Function<EventSourceContext<RayCluster>, EventSource<?, RayCluster>> wakeUp;
  private volatile List<OwnedSource<? extends HasMetadata>> children = List.of();
  private volatile OwnedSource<Pod> pods;

  /**
   * @param further a kind of children whose CRD others bring; empty as long as there is none, or it
   *     isn't there
   * @param wakeUp makes a further source of events, which has clusters looked at for other reasons
   */
  public ClusterCaches(
      OwnWrites ownWrites,
      Supplier<Optional<Class<? extends HasMetadata>>> further,
      Function<EventSourceContext<RayCluster>, EventSource<?, RayCluster>> wakeUp) {
    this.ownWrites = ownWrites;
    this.further = further;
    this.wakeUp = wakeUp;
  }

  /** What is kept of the RayClusters themselves, when one namespace is watched, or all. */
  public static ItemStore<RayCluster> clusters() {
    return new ClusterStore();
  }

  /** Watches of everything that RayClusters own. */
  public List<EventSource<?, RayCluster>> eventSources(EventSourceContext<RayCluster> context) {
    this.sources = context;
    var pods = owned(Pod.class, RAY_PODS);
    if (context.getControllerConfiguration().getInformerConfig().getNamespaces().size() == 1) {
      pods.withItemStore(new PodStore());
    }
    this.pods = new PodSource(pods.build(), context);
    List<OwnedSource<? extends HasMetadata>> others = new ArrayList<>();
    CHILDREN.forEach(kind -> others.add(source(kind, RayLabels.CLUSTER, context)));
    others.add(source(Job.class, REDIS_CLEANUP, context));
    others.add(source(PersistentVolumeClaim.class, RayLabels.CLUSTER, context));
    children = List.copyOf(others);
    List<EventSource<?, RayCluster>> all = new ArrayList<>(others);
    all.add(this.pods);
    all.add(wakeUp.apply(context));
    return all;
  }

  /** Begins to watch the further kind, once it is there. */
  public void watchFurther(Context<RayCluster> context) {
    if (!watchesFurther) {
      further.get().ifPresent(kind -> watch(kind, context));
    }
  }

  private synchronized void watch(Class<? extends HasMetadata> kind, Context<RayCluster> context) {
    if (!watchesFurther) {
      OwnedSource<? extends HasMetadata> source = source(kind, RayLabels.CLUSTER, sources);
      var _ = context.eventSourceRetriever().dynamicallyRegisterEventSource(source);
      List<OwnedSource<? extends HasMetadata>> all = new ArrayList<>(children);
      all.add(source);
      children = List.copyOf(all);
      watchesFurther = true;
    }
  }

  /** What is there of a cluster; makes no API call. */
  public ObservedCluster snapshot(RayCluster cluster) {
    String uid = cluster.getMetadata().getUid();
    List<HasMetadata> cached =
        children.stream()
            .<HasMetadata>flatMap(source -> own(cluster, source.getSecondaryResources(cluster)))
            .toList();
    List<ObservedPod> cachedPods =
        own(cluster, pods.getSecondaryResources(cluster)).map(ReadPod::reading).toList();
    List<ObservedPod> allPods =
        ownWrites.overlayPods(uid, cachedPods).stream()
            .sorted(Comparator.comparing(ObservedPod::name))
            .toList();
    List<HasMetadata> allChildren = List.copyOf(ownWrites.overlayChildren(uid, cached));
    return new ObservedCluster(allChildren, allPods, ownWrites.lookAgainIn(uid))
        .withPastPods(
            Stream.of(pastPods.of(uid), ownWrites.taken(uid))
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static <R extends HasMetadata> OwnedSource<R> source(
      Class<R> kind, String selector, EventSourceContext<RayCluster> context) {
    return new OwnedSource<>(owned(kind, selector).build(), context);
  }

  private static <R extends HasMetadata> Stream<R> own(RayCluster cluster, Set<R> resources) {
    return resources.stream()
        .filter(resource ->
            Identity.isOwnedBy(resource, cluster.getMetadata().getUid())
                || Identity.isKeptFor(resource, cluster));
  }

  private static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> owned(
      Class<R> kind, String selector) {
    return InformerEventSourceConfiguration.from(kind, RayCluster.class)
        .withLabelSelector(selector)
        .withInformerListLimit(PAGE)
        .withSecondaryToPrimaryMapper(ClusterCaches::owner);
  }

  private static Set<ResourceID> owner(HasMetadata resource) {
    if (resource instanceof PersistentVolumeClaim
        && resource.getMetadata().getOwnerReferences().isEmpty()) {
      // It outlives its cluster, and is for the next one of the name.
      String name = resource.getMetadata().getLabels().get(RayLabels.CLUSTER);
      return Set.of(new ResourceID(name, resource.getMetadata().getNamespace()));
    }
    return resource.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> "RayCluster".equals(owner.getKind()))
        .filter(owner -> owner.getApiVersion().startsWith("ray.io/"))
        .map(owner -> new ResourceID(owner.getName(), resource.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }

  /** Also tells the owner that an object had: to lose one is news, like its deletion. */
  private static class OwnedSource<R extends HasMetadata>
      extends InformerEventSource<R, RayCluster> {
    OwnedSource(
        InformerEventSourceConfiguration<R> configuration, EventSourceContext<RayCluster> context) {
      super(configuration, context);
    }

    @Override
    public synchronized void onUpdate(R before, R after) {
      super.onUpdate(before, after);
      Set<ResourceID> now = owner(after);
      owner(before).stream()
          .filter(owner -> !now.contains(owner))
          .forEach(owner -> getEventHandler().handleEvent(new Event(owner)));
    }
  }

  private final class PodSource extends OwnedSource<Pod> {
    PodSource(
        InformerEventSourceConfiguration<Pod> configuration,
        EventSourceContext<RayCluster> context) {
      super(configuration, context);
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean lastStateUnknown) {
      pod.getMetadata()
          .getOwnerReferences()
          .forEach(owner -> {
            pastPods.gone(owner.getUid(), pod.getMetadata().getName());
            ownWrites.gone(owner.getUid(), pod.getMetadata().getUid());
          });
      super.onDelete(pod, lastStateUnknown);
    }
  }
}
