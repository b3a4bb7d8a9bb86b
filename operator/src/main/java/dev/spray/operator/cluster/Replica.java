package dev.spray.operator.cluster;

import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.pods.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pods of a group that live and die together: as many as the group has hosts per replica, mostly
 * one.
 *
 * @param pods at least one; also those on their way out, if they say which replica they are of
 */
record Replica(List<ObservedPod> pods) {

  private static final Comparator<ObservedPod> BY_AGE =
      Comparator.comparing(Replica::created).thenComparing(ObservedPod::name);

  /**
   * Sorts the pods of a group by replica.
   *
   * @param pods those that name no replica, as pods with one host, are put together by age
   * @param hosts of a replica
   */
  static List<Replica> of(List<ObservedPod> pods, int hosts) {
    Map<String, List<ObservedPod>> named = new TreeMap<>();
    List<ObservedPod> nameless = new ArrayList<>();
    for (ObservedPod pod : pods.stream().sorted(Comparator.comparing(ObservedPod::name)).toList()) {
      pod.host()
          .map(host -> named.computeIfAbsent(host.replicaName(), name -> new ArrayList<>()))
          .orElse(nameless)
          .add(pod);
    }
    nameless.removeIf(ObservedPod::terminating);
    nameless.sort(BY_AGE);
    List<Replica> replicas = new ArrayList<>(named.values().stream().map(Replica::new).toList());
    for (int first = 0; first < nameless.size(); first += hosts) {
      int end = Math.min(first + hosts, nameless.size());
      replicas.add(new Replica(List.copyOf(nameless.subList(first, end))));
    }
    return replicas;
  }

  /** The name that its pods share, else that of its first pod. */
  String name() {
    return pods.getFirst().host().map(Host::replicaName).orElse(pods.getFirst().name());
  }

  Optional<Integer> index() {
    return pods.stream().flatMap(pod -> pod.index().stream()).findFirst();
  }

  boolean all(Predicate<ObservedPod> what) {
    return pods.stream().allMatch(what);
  }

  boolean any(Predicate<ObservedPod> what) {
    return pods.stream().anyMatch(what);
  }

  /** When the last one of its pods was created; {@link Instant#MAX} right after that. */
  Instant completed() {
    return pods.stream().map(Replica::created).max(Comparator.naturalOrder()).orElseThrow();
  }

  /** Whether it can be one of a group with so many hosts per replica, or be made one. */
  boolean fits(int hosts) {
    Set<Integer> indices = new HashSet<>(hostIndices());
    boolean nameless = indices.isEmpty();
    return nameless
        ? pods.size() == hosts
        : indices.size() == pods.size()
            && indices.stream().allMatch(index -> index >= 0 && index < hosts);
  }

  /** Indices of the hosts that it lacks, one by one: a typo can ask for two billion. */
  Stream<Integer> missing(int hosts) {
    Set<Integer> there = new HashSet<>(hostIndices());
    return IntStream.range(0, hosts)
        .boxed()
        .filter(index -> !there.contains(index))
        .limit(hosts - pods.size());
  }

  private List<Integer> hostIndices() {
    return pods.stream().flatMap(pod -> pod.host().stream()).map(Host::hostIndex).toList();
  }

  private static Instant created(ObservedPod pod) {
    return pod.created().orElse(Instant.MAX);
  }
}
