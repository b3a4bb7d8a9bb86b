package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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

  /** Writes about one cluster; created and deleted pods by UID, services by name. */
  private record OfCluster(
      Map<String, Noted<ObservedPod>> created,
      Map<String, Noted<String>> deleted,
      Map<String, Noted<Service>> applied) {

    OfCluster() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    void dropBefore(Instant oldest) {
      created.values().removeIf(noted -> noted.at().isBefore(oldest));
      deleted.values().removeIf(noted -> noted.at().isBefore(oldest));
      applied.values().removeIf(noted -> noted.at().isBefore(oldest));
    }

    boolean isEmpty() {
      return created.isEmpty() && deleted.isEmpty() && applied.isEmpty();
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

  /** Notes that a pod's deletion was accepted. */
  public void deleted(String clusterUid, String podUid) {
    of(clusterUid).deleted().put(podUid, new Noted<>(podUid, clock.instant()));
  }

  /** Notes an applied service, as the API server answered it. */
  public void applied(String clusterUid, Service service) {
    String name = service.getMetadata().getName();
    of(clusterUid).applied().put(name, new Noted<>(service, clock.instant()));
  }

  /** Pods of the cache with own creations added and own deletions marked. */
  Collection<ObservedPod> overlayPods(String clusterUid, Collection<ObservedPod> cached) {
    Map<String, ObservedPod> pods = new LinkedHashMap<>();
    cached.forEach(pod -> pods.put(pod.uid(), pod));
    OfCluster own = fresh(clusterUid);
    own.created().keySet().removeIf(pods::containsKey);
    own.created().forEach((uid, noted) -> pods.put(uid, noted.value()));
    own.deleted().keySet().removeIf(uid -> !pods.containsKey(uid) || pods.get(uid).terminating());
    own.deleted().keySet().forEach(uid -> pods.put(uid, pods.get(uid).asTerminating()));
    return pods.values();
  }

  /** Services of the cache, an own newer version in place of an older one. */
  Map<String, Service> overlayServices(String clusterUid, Map<String, Service> cached) {
    Map<String, Service> services = new LinkedHashMap<>(cached);
    OfCluster own = fresh(clusterUid);
    own.applied().values().removeIf(noted -> isShown(noted.value(), cached));
    own.applied().forEach((name, noted) -> services.put(name, noted.value()));
    return services;
  }

  /** When a cluster must be looked at again because the watch may keep silent about own writes. */
  Optional<Duration> lookAgainIn(String clusterUid) {
    return fresh(clusterUid).isEmpty() ? Optional.empty() : Optional.of(kept);
  }

  private static boolean isShown(Service own, Map<String, Service> cached) {
    Service shown = cached.get(own.getMetadata().getName());
    return shown != null && version(shown) >= version(own);
  }

  /** Resource versions of one kind grow; since Kubernetes 1.35 they may be compared as numbers. */
  private static long version(Service service) {
    return Long.parseLong(service.getMetadata().getResourceVersion());
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
