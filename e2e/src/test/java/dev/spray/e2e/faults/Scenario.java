package dev.spray.e2e.faults;

import dev.spray.api.RayLabels;
import dev.spray.e2e.faults.Chronicle.Account;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Something that is done to a cluster called {@code c}.
 *
 * @param before what is applied and settled first; empty: nothing
 * @param change what is done then, by a user or by the world
 * @param writes how many writes the operator surely makes for it: its children's, and the status
 *     patch that a new generation needs; further ones depend on what happens meanwhile
 * @param end what there must be, and must ever have been, at its end
 */
record Scenario(String name, String before, Consumer<Playground> change, int writes, Account end) {

  static List<Scenario> all() {
    String three = Manifests.cluster("c", 3);
    return List.of(
        new Scenario("create", "", apply(three), 6, end(4, 0, "small 0", "small 1", "small 2")),
        new Scenario(
            "scale up",
            three,
            apply(Manifests.cluster("c", 5)),
            3,
            end(6, 0, "small 0", "small 1", "small 2", "small 3", "small 4")),
        new Scenario(
            "scale down", three, apply(Manifests.cluster("c", 1)), 3, end(4, 2, "small 0")),
        new Scenario(
            "workersToDelete", three, Scenario::nameAWorker, 2, end(4, 1, "small 0", "small 2")),
        new Scenario(
            "one group replaced by another",
            three,
            apply(Manifests.head("c") + "  workerGroupSpecs:\n" + Manifests.group("large", 2)),
            6,
            end(6, 3, "large 0", "large 1")),
        new Scenario(
            "pod lost",
            three,
            Scenario::loseAWorker,
            1,
            end(5, 1, "small 0", "small 1", "small 2")));
  }

  /** The operator has nothing to do for it, and must not make anything again. */
  static Scenario deletion() {
    return new Scenario(
        "cluster deleted",
        Manifests.cluster("c", 3),
        playground -> {
          if (playground.kubectl("", "delete", "raycluster", "c").exitCode() != 0) {
            throw new AssertionError("the cluster could not be deleted");
          }
        },
        0,
        new Account(Map.of("Pod", 4L, "Service", 1L), 5, Set.of()));
  }

  private static Account end(long pods, long deleted, String... workers) {
    Set<String> there = new TreeSet<>(Set.of("Service c-head-svc", "Pod headgroup"));
    Stream.of(workers).map(worker -> "Pod " + worker).forEach(there::add);
    return new Account(Map.of("Pod", pods, "Service", 1L), deleted, there);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Consumer<Playground> apply(String manifest) {
    return playground -> playground.apply(manifest);
  }

  private static void nameAWorker(Playground playground) {
    String name = worker(playground, "1");
    playground.apply(
        Manifests.cluster("c", 2)
            .replace(
                "replicas: 2\n",
                "replicas: 2\n    scaleStrategy: {workersToDelete: [%s]}\n".formatted(name)));
  }

  private static void loseAWorker(Playground playground) {
    String name = worker(playground, "1");
    playground
        .admin()
        .pods()
        .inNamespace(playground.namespace())
        .withName(name)
        .withGracePeriod(0)
        .delete();
  }

  private static String worker(Playground playground, String index) {
    return playground.workers("c").stream()
        .filter(pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX).equals(index))
        .findFirst()
        .orElseThrow()
        .getMetadata()
        .getName();
  }
}
