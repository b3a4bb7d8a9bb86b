package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Pods;
import dev.spray.operator.observe.LostNodes;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.observe.PodReading;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.SecretKind;
import dev.spray.operator.pods.Host;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.Identity;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A Kubernetes in memory, as far as one RayCluster sees it. */
final class World {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  static final ClusterSettings SETTINGS =
      new ClusterSettings(Pods.SETTINGS, ChildSettings.DEFAULT, false, BatchScheduler.NONE);

  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, HasMetadata> children = new LinkedHashMap<>();
  final Set<String> finalizers = new HashSet<>();
  private final Set<String> pastPods = new HashSet<>();
  private int uids;

  /** Names of nodes that don't exist. */
  final Set<String> goneNodes = new HashSet<>();

  /** Names of Secrets that the operator has made. */
  final Set<String> secrets = new HashSet<>();

  /** What Ray says about its workers: they are all at work. */
  Optional<Set<String>> idle = Optional.of(Set.of());

  Instant now = START;

  /** A world in which the cluster is as it should be. */
  static World settled(RayCluster cluster) {
    World world = new World();
    world.carryOut(world.decide(cluster));
    world.settle();
    return world;
  }

  Plan decide(RayCluster cluster) {
    return decide(cluster, observed(), now, SETTINGS);
  }

  /** Of a cluster whose lifecycle says nothing. */
  static Plan decide(
      RayCluster cluster, ObservedCluster observed, Instant now, ClusterSettings settings) {
    return ClusterDecision.decide(
        cluster, Revisions.of(cluster), observed, Expiry.NONE, now, settings);
  }

  /** A whole pass: what is decided is carried out, and the cluster gets its status. */
  Plan pass(RayCluster cluster) {
    Plan plan = decide(cluster);
    carryOut(plan);
    List<Outcome> outcomes = plan.actions().stream().map(Outcome::done).toList();
    cluster.setStatus(ClusterStatus.of(cluster, observed(), outcomes, now));
    return plan;
  }

  ObservedCluster observed() {
    ObservedCluster cached =
        new ObservedCluster(
            List.copyOf(children.values()),
            pods.values().stream().map(PodReading::of).toList(),
            Optional.empty());
    return new LostNodes(goneNodes::contains)
        .mark(cached, now)
        .withIdle(idle)
        .withPastPods(pastPods);
  }

  ObservedCluster observedIn(Random order) {
    List<ObservedPod> shuffled = new ArrayList<>(observed().pods());
    Collections.shuffle(shuffled, order);
    return new ObservedCluster(
        List.copyOf(children.values()),
        shuffled,
        Optional.empty(),
        idle,
        Optional.empty(),
        pastPods);
  }

  /** Created pods come to be pending, deleted ones begin to end. */
  void carryOut(Plan plan) {
    for (Action action : plan.actions()) {
      switch (action) {
        case Action.Apply apply -> child(apply.desired());
        case Action.Delete delete -> children.remove(key(delete.observed()));
        case Action.CreatePod create -> add(create.pod());
        case Action.Create create -> child(create.object());
        case Action.AddFinalizer add -> finalizers.add(add.finalizer());
        case Action.RemoveFinalizer remove -> finalizers.remove(remove.finalizer());
        case Action.SuspendCluster suspend -> throw new AssertionError(suspend);
        case Action.DeleteCluster delete -> throw new AssertionError(delete);
        // Secrets are not observed.
        case Action.MakeSecret make -> secrets.add(make.name());
        case Action.RequireSecret require -> {
          // A user's token may be there.
          if (require.kind() == SecretKind.AUTHORITY && !secrets.contains(require.name())) {
            throw new AssertionError("there is no authority: " + require);
          }
        }
        case Action.DeletePod delete -> {
          Pod pod = pods.get(delete.name());
          if (!pod.getMetadata().getUid().equals(delete.uid())) {
            throw new AssertionError("no such pod: " + delete);
          }
          Duration grace = delete.grace().orElse(GRACE);
          if (grace.isZero()) {
            remove(delete.name());
          } else {
            change(delete.name(), old -> Pods.terminating(old, now.plus(grace)));
          }
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

  void child(HasMetadata child) {
    HasMetadata stored = Serialization.clone(child);
    stored.getMetadata().setUid("uid-of-" + key(child));
    stored.getMetadata().setResourceVersion("1");
    if (stored.getMetadata().getCreationTimestamp() == null) {
      stored.getMetadata().setCreationTimestamp(now.toString());
    }
    if (stored instanceof Service service && isOnNodes(service)) {
      service.getSpec().getPorts().forEach(port -> port.setNodePort(30_000 + port.getPort()));
    }
    children.put(key(child), stored);
  }

  private static boolean isOnNodes(Service service) {
    return service.getSpec() != null
        && Set.of("NodePort", "LoadBalancer")
            .contains(Objects.requireNonNullElse(service.getSpec().getType(), ""));
  }

  HasMetadata child(String kind, String name) {
    return children.get(kind + " " + name);
  }

  Service service(RayCluster cluster) {
    return (Service) child("Service", HeadService.name(cluster));
  }

  void removeServices() {
    children.values().removeIf(Service.class::isInstance);
  }

  private static String key(HasMetadata child) {
    return child.getKind() + " " + child.getMetadata().getName();
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
    return worker(cluster, group, index, Map.of(), name);
  }

  /** A ready host of a replica under a name of the test's. */
  String host(RayCluster cluster, String group, int index, Host host, String name) {
    Map<String, String> labels =
        Map.of(
            RayLabels.REPLICA_NAME,
            host.replicaName(),
            RayLabels.HOST_INDEX,
            host.hostIndex() + "");
    return worker(cluster, group, index, labels, name);
  }

  private String worker(
      RayCluster cluster, String group, int index, Map<String, String> more, String name) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.WORKER);
    labels.put(RayLabels.GROUP, group);
    labels.put(RayLabels.REPLICA_INDEX, index + "");
    labels.putAll(more);
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
    pastPods.add(name);
  }

  List<String> names() {
    return List.copyOf(pods.keySet());
  }

  /** Names of the workers of a group, by index and host. */
  List<String> workers(String group) {
    return pods.values().stream()
        .filter(pod -> group.equals(pod.getMetadata().getLabels().get(RayLabels.GROUP)))
        .sorted(Comparator.comparingInt(World::index).thenComparingInt(World::host))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private static int index(Pod pod) {
    return Integer.parseInt(
        pod.getMetadata().getLabels().getOrDefault(RayLabels.REPLICA_INDEX, "0"));
  }

  private static int host(Pod pod) {
    return Integer.parseInt(pod.getMetadata().getLabels().getOrDefault(RayLabels.HOST_INDEX, "0"));
  }
}
