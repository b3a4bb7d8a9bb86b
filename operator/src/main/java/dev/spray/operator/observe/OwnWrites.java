package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator's own writes until the watch has shown them, so that the next pass doesn't repeat
 * them. Nothing is wrong without it, after a crash for example: names are deterministic and deletes
 * carry preconditions, so a repeated write does no harm; it would only cost a call.
 */
public final class OwnWrites {
  private final InstantSource clock;
  private final Duration kept;
  private final Map<String, OfCluster> clusters = new ConcurrentHashMap<>();
  private Instant nextSweep = Instant.MIN;

  private record Noted<T>(T value, Instant at) {}

  /** Writes about one cluster; pods by UID, other objects by kind and name, or UID once deleted. */
  private record OfCluster(
      Map<String, Noted<ObservedPod>> created,
      Map<String, Noted<String>> gone,
      Map<String, Noted<String>> taken,
      Map<String, Noted<String>> deleted,
      Map<String, Noted<HasMetadata>> appliedChildren,
      Map<String, Noted<String>> deletedChildren) {

    OfCluster() {
      this(
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>());
    }

    private Stream<Map<String, ? extends Noted<?>>> all() {
      return Stream.of(created, gone, taken, deleted, appliedChildren, deletedChildren);
    }

    void dropBefore(Instant oldest) {
      all().forEach(noted -> noted.values().removeIf(one -> one.at().isBefore(oldest)));
    }

    /** Whether the watch has yet to show some write. */
    boolean isAwaited() {
      return !created.isEmpty()
          || !deleted.isEmpty()
          || !appliedChildren.isEmpty()
          || !deletedChildren.isEmpty();
    }

    boolean isEmpty() {
      return all().allMatch(Map::isEmpty);
    }
  }

  /**
   * Starts with none.
   *
   * @param kept how long the watch may take to show a write; one that it hasn't shown by then was
   *     undone before it could
   */
  public OwnWrites(InstantSource clock, Duration kept) {
    this.clock = clock;
    this.kept = kept;
  }

  /** Notes a created pod, as the API server answered it. */
  public void created(String clusterUid, Pod pod) {
    String uid = pod.getMetadata().getUid();
    of(clusterUid).created().put(uid, new Noted<>(PodReading.of(pod), clock.instant()));
  }

  /**
   * Notes that the watch has shown the end of a pod: one that was created and gone before any pass
   * could see it must not be taken for one that is still to be shown.
   */
  void gone(String clusterUid, String podUid) {
    of(clusterUid).gone().put(podUid, new Noted<>(podUid, clock.instant()));
  }

  /** Notes that a pod was not created, because somebody else's has its name. */
  public void taken(String clusterUid, String podName) {
    of(clusterUid).taken().put(podName, new Noted<>(podName, clock.instant()));
  }

  /** Names that other people's pods were found to have. */
  Set<String> taken(String clusterUid) {
    return Set.copyOf(fresh(clusterUid).taken().keySet());
  }

  /** Notes that a pod's deletion was accepted. */
  public void deleted(String clusterUid, String podUid) {
    of(clusterUid).deleted().put(podUid, new Noted<>(podUid, clock.instant()));
  }

  /** Notes an applied object, as the API server answered it. */
  public void applied(String clusterUid, HasMetadata child) {
    of(clusterUid).appliedChildren().put(key(child), new Noted<>(child, clock.instant()));
  }

  /** Notes that the deletion of an object, which is not a pod, was accepted. */
  public void deletedChild(String clusterUid, HasMetadata child) {
    OfCluster own = of(clusterUid);
    String uid = child.getMetadata().getUid();
    own.appliedChildren().remove(key(child));
    own.deletedChildren().put(uid, new Noted<>(uid, clock.instant()));
  }

  /** Pods of the cache with own creations added and own deletions marked. */
  Collection<ObservedPod> overlayPods(String clusterUid, Collection<ObservedPod> cached) {
    Map<String, ObservedPod> pods = new LinkedHashMap<>();
    cached.forEach(pod -> pods.put(pod.uid(), pod));
    OfCluster own = fresh(clusterUid);
    own.created().keySet().removeIf(uid -> pods.containsKey(uid) || own.gone().containsKey(uid));
    own.created().forEach((uid, noted) -> pods.put(uid, noted.value()));
    own.deleted().keySet().removeIf(uid -> !pods.containsKey(uid) || pods.get(uid).terminating());
    own.deleted().keySet().forEach(uid -> pods.put(uid, pods.get(uid).asTerminating()));
    return pods.values();
  }

  /** Objects of the cache, own newer versions in place of older ones, own deletions marked. */
  Collection<HasMetadata> overlayChildren(String clusterUid, Collection<HasMetadata> cached) {
    Map<String, HasMetadata> children = new LinkedHashMap<>();
    cached.forEach(child -> children.put(key(child), child));
    OfCluster own = fresh(clusterUid);
    own.appliedChildren().entrySet().removeIf(e -> isShown(e.getValue(), children.get(e.getKey())));
    own.appliedChildren().forEach((key, noted) -> children.put(key, noted.value()));
    own.deletedChildren().keySet().retainAll(uidsOfLive(children.values()));
    children.replaceAll((key, child) ->
        own.deletedChildren().containsKey(child.getMetadata().getUid())
            ? asTerminating(child)
            : child);
    return children.values();
  }

  /** When a cluster must be looked at again because the watch may keep silent about own writes. */
  Optional<Duration> lookAgainIn(String clusterUid) {
    return fresh(clusterUid).isAwaited() ? Optional.of(kept) : Optional.empty();
  }

  private static boolean isShown(Noted<HasMetadata> own, HasMetadata cached) {
    return cached != null && version(cached) >= version(own.value());
  }

  /** Resource versions of one kind grow; since Kubernetes 1.35 they may be compared as numbers. */
  private static long version(HasMetadata child) {
    return Long.parseLong(child.getMetadata().getResourceVersion());
  }

  private static Set<String> uidsOfLive(Collection<HasMetadata> children) {
    return children.stream()
        .filter(child -> !child.isMarkedForDeletion())
        .map(child -> child.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  private HasMetadata asTerminating(HasMetadata child) {
    // What the caches hold is never changed.
    HasMetadata copy = Serialization.clone(child);
    copy.getMetadata().setDeletionTimestamp(clock.instant().toString());
    return copy;
  }

  private static String key(HasMetadata child) {
    return child.getKind() + "/" + child.getMetadata().getName();
  }

  private OfCluster of(String clusterUid) {
    sweep();
    return clusters.computeIfAbsent(clusterUid, uid -> new OfCluster());
  }

  private OfCluster fresh(String clusterUid) {
    OfCluster own = clusters.getOrDefault(clusterUid, new OfCluster());
    own.dropBefore(clock.instant().minus(kept));
    return own;
  }

  /** Now and then drops what deleted clusters left behind: nobody asks for that any more. */
  private synchronized void sweep() {
    Instant now = clock.instant();
    if (now.isBefore(nextSweep)) {
      return;
    }
    nextSweep = now.plus(kept);
    clusters.values().forEach(own -> own.dropBefore(now.minus(kept)));
    clusters.values().removeIf(OfCluster::isEmpty);
  }
}
