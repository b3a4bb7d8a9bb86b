package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.observe.PodReading;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A Kubernetes in memory, as far as one RayCluster sees it. */
final class World {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private int uids;
  Instant now = START;

  /** A world in which the cluster is as it should be. */
  static World settled(RayCluster cluster) {
    World world = new World();
    world.carryOut(world.decide(cluster));
    world.settle();
    return world;
  }

  Plan decide(RayCluster cluster) {
    return ClusterDecision.decide(cluster, observed(), now, Pods.SETTINGS);
  }

  ObservedCluster observed() {
    return new ObservedCluster(
        services, pods.values().stream().map(PodReading::of).toList(), Optional.empty());
  }

  ObservedCluster observedIn(Random order) {
    List<ObservedPod> shuffled = new ArrayList<>(observed().pods());
    Collections.shuffle(shuffled, order);
    return new ObservedCluster(services, shuffled, Optional.empty());
  }

  /** Created pods come to be pending, deleted ones begin to end. */
  void carryOut(Plan plan) {
    for (Action action : plan.actions()) {
      switch (action) {
        case Action.Apply apply -> service((Service) apply.desired());
        case Action.CreatePod create -> add(create.pod());
        case Action.DeletePod delete -> {
          Pod pod = pods.get(delete.name());
          if (!pod.getMetadata().getUid().equals(delete.uid())) {
            throw new AssertionError("no such pod: " + delete);
          }
          change(delete.name(), Pods::terminating);
        }
      }
    }
  }

  /** Time passes: ending pods are gone, the others become ready unless they have failed. */
  void settle() {
    now = now.plus(Duration.ofMinutes(1));
    pods.values().removeIf(pod -> pod.getMetadata().getDeletionTimestamp() != null);
    pods.replaceAll(
        (name, pod) -> PodReading.of(pod).failure().isPresent() ? pod : Pods.ready(pod));
  }

  void service(Service service) {
    services.put(
        service.getMetadata().getName(),
        new ServiceBuilder(service)
            .editMetadata()
            .withUid("uid-of-service")
            .withResourceVersion("1")
            .endMetadata()
            .build());
  }

  Service service(RayCluster cluster) {
    return services.get(HeadService.name(cluster));
  }

  void removeServices() {
    services.clear();
  }

  Pod add(Pod pod) {
    String name = pod.getMetadata().getName();
    Pod stored = Pods.stored(pod, "uid-" + uids++, now);
    if (pods.putIfAbsent(name, stored) != null) {
      throw new AssertionError("there is a pod " + name + " already");
    }
    return stored;
  }

  /** A ready worker under a name of the test's. */
  String worker(RayCluster cluster, String group, int index, String name) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.WORKER);
    labels.put(RayLabels.GROUP, group);
    labels.put(RayLabels.REPLICA_INDEX, index + "");
    add(
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(cluster.getMetadata().getNamespace())
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build());
    change(name, Pods::ready);
    return name;
  }

  void change(String name, UnaryOperator<Pod> how) {
    pods.compute(name, (key, pod) -> how.apply(pod));
  }

  void remove(String name) {
    pods.remove(name);
  }

  List<String> names() {
    return List.copyOf(pods.keySet());
  }

  /** Names of the workers of a group, by index. */
  List<String> workers(String group) {
    return pods.values().stream()
        .filter(pod -> group.equals(pod.getMetadata().getLabels().get(RayLabels.GROUP)))
        .sorted(Comparator.comparingInt(World::index))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private static int index(Pod pod) {
    return Integer.parseInt(
        pod.getMetadata().getLabels().getOrDefault(RayLabels.REPLICA_INDEX, "0"));
  }
}
