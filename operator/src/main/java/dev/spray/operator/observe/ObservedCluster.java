package dev.spray.operator.observe;

import dev.spray.operator.ray.Activity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What belongs to one RayCluster, by owner UID: a label alone makes nothing ours.
 *
 * @param children everything but its pods
 * @param pods heads and workers, by name
 * @param lookAgainIn when the snapshot holds own writes that the watches haven't shown yet: after
 *     this time they are doubtful
 * @param idle addresses of workers that have nothing to do, by Ray's word; empty while it wasn't
 *     asked
 * @param activity whether anything runs in it; empty while nobody was asked
 * @param pastPods names of pods that it had, as far as they are remembered, and of other people's
 */
public record ObservedCluster(
    List<HasMetadata> children,
    List<ObservedPod> pods,
    Optional<Duration> lookAgainIn,
    Optional<Set<String>> idle,
    Optional<Activity> activity,
    Set<String> pastPods) {

  public ObservedCluster {
    children = List.copyOf(children);
    pods = List.copyOf(pods);
  }

  /** As the caches tell it, to whom Ray says nothing. */
  public ObservedCluster(
      List<HasMetadata> children, List<ObservedPod> pods, Optional<Duration> lookAgainIn) {
    this(children, pods, lookAgainIn, Optional.empty(), Optional.empty(), Set.of());
  }

  /** The same, with what Ray says of its workers. */
  public ObservedCluster withIdle(Optional<Set<String>> addresses) {
    return new ObservedCluster(children, pods, lookAgainIn, addresses, activity, pastPods);
  }

  /** The same, with what was said about what runs in it. */
  public ObservedCluster withActivity(Optional<Activity> said) {
    return new ObservedCluster(children, pods, lookAgainIn, idle, said, pastPods);
  }

  /** The same, with names of pods that it had. */
  public ObservedCluster withPastPods(Set<String> names) {
    return new ObservedCluster(children, pods, lookAgainIn, idle, activity, names);
  }

  /** The child of this kind and name. */
  public Optional<HasMetadata> child(String kind, String name) {
    return children.stream()
        .filter(child -> child.getKind().equals(kind))
        .filter(child -> child.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The service of this name. */
  public Optional<Service> service(String name) {
    return child("Service", name).map(Service.class::cast);
  }

  /** Head pods, also those on their way out. */
  public List<ObservedPod> heads() {
    return pods(ObservedPod::head);
  }

  /** The head pod that counts: the oldest live one. */
  public Optional<ObservedPod> liveHead() {
    return heads().stream()
        .filter(ObservedPod::isLive)
        .min(Comparator.comparing(pod -> pod.created().orElse(Instant.MAX)));
  }

  /** Worker pods of all groups, also those on their way out. */
  public List<ObservedPod> workers() {
    return pods(pod -> !pod.head());
  }

  /** Worker pods of one group, also those on their way out. */
  public List<ObservedPod> workers(String group) {
    return pods(pod -> !pod.head() && pod.group().equals(group));
  }

  ObservedCluster withPods(List<ObservedPod> others) {
    return new ObservedCluster(children, others, lookAgainIn, idle, activity, pastPods);
  }

  private List<ObservedPod> pods(Predicate<ObservedPod> which) {
    return pods.stream().filter(which).toList();
  }
}
