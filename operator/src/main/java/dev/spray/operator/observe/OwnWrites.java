package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operator's own writes until the watch has shown them, so that the next pass doesn't repeat
 * them. Nothing is wrong without it, after a crash for example: names are deterministic and deletes
 * carry preconditions, so a repeated write does no harm; it would only cost a call.
 */
public final class OwnWrites {
  /** A write that the watch hasn't shown by then was undone before it could. */
  private static final Duration FORGET_AFTER = Duration.ofSeconds(30);

  private record Seen<T>(T value, Instant at) {}

  private final Map<String, Map<String, Seen<ObservedPod>>> createdPods = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Seen<Service>>> appliedServices = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Seen<String>>> deletedPods = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private Instant nextSweep = Instant.MIN;

  public OwnWrites(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes a created pod, as the API server answered it. */
  public void created(String clusterUid, Pod pod) {
    note(createdPods, clusterUid, pod.getMetadata().getUid(), PodReading.of(pod));
  }

  /** Notes an applied service, as the API server answered it. */
  public void applied(String clusterUid, Service service) {
    note(appliedServices, clusterUid, service.getMetadata().getName(), service);
  }

  /** Notes that a pod's deletion was accepted. */
  public void deleted(String clusterUid, String podUid) {
    note(deletedPods, clusterUid, podUid, podUid);
  }

  /** Pods of the cache with own creations added and own deletions marked. */
  Collection<ObservedPod> overlayPods(String clusterUid, Collection<ObservedPod> cached) {
    Map<String, ObservedPod> pods = new LinkedHashMap<>();
    cached.forEach(pod -> pods.put(pod.uid(), pod));
    Map<String, Seen<ObservedPod>> created = fresh(createdPods, clusterUid);
    created.keySet().removeIf(pods::containsKey);
    created.forEach((uid, seen) -> pods.put(uid, seen.value()));
    Map<String, Seen<String>> deleted = fresh(deletedPods, clusterUid);
    deleted.keySet().removeIf(uid -> !pods.containsKey(uid));
    deleted.keySet().forEach(uid -> pods.computeIfPresent(uid, (id, pod) -> pod.asTerminating()));
    return pods.values();
  }

  /** Services of the cache, an own newer version in place of an older one. */
  Map<String, Service> overlayServices(String clusterUid, Map<String, Service> cached) {
    Map<String, Service> services = new LinkedHashMap<>(cached);
    Map<String, Seen<Service>> applied = fresh(appliedServices, clusterUid);
    applied
        .entrySet()
        .removeIf(own ->
            services.containsKey(own.getKey())
                && version(services.get(own.getKey())) >= version(own.getValue().value()));
    applied.forEach((name, seen) -> services.put(name, seen.value()));
    return services;
  }

  private <T> void note(
      Map<String, Map<String, Seen<T>>> writes, String clusterUid, String key, T value) {
    sweep();
    writes
        .computeIfAbsent(clusterUid, uid -> new ConcurrentHashMap<>())
        .put(key, new Seen<>(value, clock.instant()));
  }

  private <T> Map<String, Seen<T>> fresh(
      Map<String, Map<String, Seen<T>>> writes, String clusterUid) {
    Map<String, Seen<T>> own = writes.getOrDefault(clusterUid, new ConcurrentHashMap<>());
    dropOld(own);
    return own;
  }

  /** Now and then drops what deleted clusters left behind: nobody asks for that any more. */
  private synchronized void sweep() {
    if (clock.instant().isBefore(nextSweep)) {
      return;
    }
    nextSweep = clock.instant().plus(FORGET_AFTER);
    sweep(createdPods);
    sweep(appliedServices);
    sweep(deletedPods);
  }

  private <T> void sweep(Map<String, Map<String, Seen<T>>> writes) {
    writes.values().forEach(this::dropOld);
    writes.values().removeIf(Map::isEmpty);
  }

  private <T> void dropOld(Map<String, Seen<T>> own) {
    Instant oldest = clock.instant().minus(FORGET_AFTER);
    own.values().removeIf(seen -> seen.at().isBefore(oldest));
  }

  /** Resource versions of one kind grow; since Kubernetes 1.35 they may be compared as numbers. */
  private static long version(Service service) {
    return Long.parseLong(service.getMetadata().getResourceVersion());
  }
}
