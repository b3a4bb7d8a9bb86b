package dev.spray.e2e.faults;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.faults.Chronicle.Account;
import dev.spray.e2e.takeover.KubeRayMade;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Something that is done to a cluster called {@code c}.
 *
 * @param before what is applied and settled first, one after the other
 * @param settled the condition that is true then
 * @param down whether the change is done before there is an operator
 * @param change what is done then, by a user or by the world
 * @param writes how many writes the operator surely makes for it: its children's, and the status
 *     patch that a new generation needs; further ones depend on what happens meanwhile
 * @param end what there must be, and must ever have been, at its end
 * @param ended the condition that is true then, if there still is a cluster
 */
record Scenario(
    String name,
    List<String> before,
    String settled,
    boolean down,
    Consumer<Playground> change,
    int writes,
    Account end,
    String ended) {

  /** What {@link Manifests#autoscaled} adds, whose pods have a ServiceAccount already. */
  private static final Set<String> AUTOSCALER = Set.of("Role c", "RoleBinding c");

  /** What {@link Manifests#encrypted} adds. */
  private static final Set<String> AUTHORITY = Set.of("Secret c-ca-secret");

  /** What {@link Manifests#authenticated} and {@link Manifests#platform} add. */
  private static final Set<String> TOKEN = Set.of("Secret c");

  /** What {@link Manifests#everything} adds. */
  private static final Set<String> EVERYTHING =
      Set.of(
          "ServiceAccount c",
          "Role c",
          "RoleBinding c",
          "Service c-serve-svc",
          "Ingress c-head-ingress");

  /**
   * From a ready cluster, or none, to a ready one, or none.
   *
   * @param before empty: none
   */
  Scenario(String name, String before, Consumer<Playground> change, int writes, Account end) {
    this(name, before.isEmpty() ? List.of() : List.of(before), change, writes, end);
  }

  /** From a cluster that has become ready in steps to a ready one. */
  Scenario(String name, List<String> before, Consumer<Playground> change, int writes, Account end) {
    this(name, before, ConditionTypes.READY, false, change, writes, end, ConditionTypes.READY);
  }

  /** Three workers of which the first is the oldest: the two that go are the others. */
  static List<String> grownToThree() {
    return List.of(Manifests.cluster("c", 1), Manifests.cluster("c", 3));
  }

  /** Applies what comes before the change, and waits for it. */
  void settle(Playground playground) {
    for (String manifest : before) {
      playground.apply(manifest);
      playground.awaitTrue("c", settled);
    }
  }

  static List<Scenario> all() {
    String three = Manifests.cluster("c", 3);
    return List.of(
        takeOver(),
        new Scenario("create", "", apply(three), 6, end(4, 0, "small 0", "small 1", "small 2")),
        new Scenario(
            "create, encrypted",
            "",
            apply(Manifests.encrypted(three)),
            7,
            with(end(4, 0, "small 0", "small 1", "small 2"), AUTHORITY)),
        new Scenario(
            "scale up, encrypted",
            Manifests.encrypted(three),
            apply(Manifests.encrypted(Manifests.cluster("c", 5))),
            3,
            with(end(6, 0, "small 0", "small 1", "small 2", "small 3", "small 4"), AUTHORITY)),
        new Scenario(
            "create with a token",
            "",
            apply(Manifests.authenticated("c", 3)),
            7,
            with(end(4, 0, "small 0", "small 1", "small 2"), TOKEN)),
        new Scenario(
            "scale up",
            three,
            apply(Manifests.cluster("c", 5)),
            3,
            end(6, 0, "small 0", "small 1", "small 2", "small 3", "small 4")),
        new Scenario(
            "scale down",
            grownToThree(),
            apply(Manifests.cluster("c", 1)),
            3,
            end(4, 2, "small 0")),
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
            end(5, 1, "small 0", "small 1", "small 2")),
        new Scenario(
            "autoscaler's deletions",
            Manifests.autoscaled("c", 3),
            Scenario::scaleDownAsRayDoes,
            3,
            with(end(4, 2, "small 1"), AUTOSCALER)),
        new Scenario(
            "suspend",
            List.of(three),
            ConditionTypes.READY,
            false,
            suspend(true),
            6,
            new Account(Map.of("Pod", 4L, "Service", 1L), 4, Set.of("Service c-head-svc")),
            ConditionTypes.SUSPENDED),
        new Scenario(
            "resume",
            List.of(three + "  suspend: true\n"),
            ConditionTypes.SUSPENDED,
            false,
            suspend(false),
            5,
            end(4, 0, "small 0", "small 1", "small 2"),
            ConditionTypes.READY),
        new Scenario(
            "multi-host replica lost",
            Manifests.multiHost("c", 2, 2),
            Scenario::loseAHost,
            5,
            with(
                end(7, 2, "tpu 0 0", "tpu 0 1", "tpu 1 0", "tpu 1 1"),
                Set.of("Service c-headless"))),
        new Scenario(
            "everything beside the pods appears",
            three,
            apply(Manifests.everything("c", 3)),
            6,
            with(end(4, 0, "small 0", "small 1", "small 2"), EVERYTHING)),
        new Scenario(
            "everything beside the pods goes",
            Manifests.everything("c", 3),
            apply(three),
            6,
            new Account(
                with(end(4, 5), EVERYTHING).created(),
                5,
                end(4, 5, "small 0", "small 1", "small 2").there())),
        new Scenario(
            "recreate",
            Manifests.upgraded("c", 3, "Recreate"),
            apply(Manifests.changed(Manifests.upgraded("c", 3, "Recreate"))),
            8,
            end(8, 4, "small 0", "small 1", "small 2")),
        new Scenario(
            "rolling update",
            Manifests.upgraded("c", 3, "RollingUpdate"),
            apply(Manifests.changed(Manifests.upgraded("c", 3, "RollingUpdate"))),
            6,
            end(7, 3, "small 1", "small 2", "small 3")),
        new Scenario(
            "create with state in Redis",
            "",
            apply(Manifests.withRedis(three)),
            7,
            end(4, 0, "small 0", "small 1", "small 2")),
        new Scenario(
            "delete with state in Redis",
            Manifests.withRedis(three),
            Scenario::delete,
            6,
            // The fifth pod is the Job's.
            new Account(Map.of("Pod", 5L, "Service", 1L, "Job", 1L), 7, Set.of())),
        new Scenario(
            "resolve",
            "",
            apply(Manifests.platform("c", 3)),
            8,
            with(end(4, 0, "small 0", "small 1", "small 2"), TOKEN)),
        new Scenario(
            "re-resolve",
            Manifests.platform("c", 3),
            apply(Manifests.platform("c", 2).replace("groupName: small", "groupName: large")),
            8,
            with(end(6, 3, "large 0", "large 1"), TOKEN)),
        new Scenario(
            "expiry",
            List.of(Manifests.expiring("c", 3, "ttl: 7d")),
            ConditionTypes.READY,
            false,
            apply(Manifests.expiring("c", 3, "ttl: 1s")),
            8,
            new Account(Map.of("Pod", 4L, "Service", 1L), 4, Set.of("Service c-head-svc")),
            ConditionTypes.SUSPENDED),
        new Scenario(
            "expiry, for good",
            Manifests.expiring("c", 3, "ttl: 7d"),
            apply(Manifests.expiring("c", 3, "ttl: 1s, onExpiry: Delete")),
            2,
            new Account(Map.of("Pod", 4L, "Service", 1L), 5, Set.of())));
  }

  /** Of a cluster that KubeRay has made, and that has lost one of its workers since. */
  private static Scenario takeOver() {
    return new Scenario(
        "take-over",
        List.of(),
        ConditionTypes.READY,
        true,
        playground -> new KubeRayMade(playground).plain("c", 3, 2),
        3,
        // KubeRay's workers have no index.
        end(4, 0, "small", "small 0"),
        ConditionTypes.READY);
  }

  /** The operator has nothing to do for it, and must not make anything again. */
  static Scenario deletion() {
    return new Scenario(
        "cluster deleted",
        Manifests.cluster("c", 3),
        Scenario::delete,
        0,
        new Account(Map.of("Pod", 4L, "Service", 1L), 5, Set.of()));
  }

  private static Account end(long pods, long deleted, String... workers) {
    Set<String> there = new TreeSet<>(Set.of("Service c-head-svc", "Pod headgroup"));
    Stream.of(workers).map(worker -> "Pod " + worker).forEach(there::add);
    return new Account(Map.of("Pod", pods, "Service", 1L), deleted, there);
  }

  /** The same with further children, each made once. */
  private static Account with(Account end, Set<String> children) {
    Map<String, Long> created = new HashMap<>(end.created());
    children.forEach(child -> created.merge(child.substring(0, child.indexOf(" ")), 1L, Long::sum));
    Set<String> there = new TreeSet<>(end.there());
    there.addAll(children);
    return new Account(created, end.deleted(), there);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Consumer<Playground> apply(String manifest) {
    return playground -> playground.apply(manifest);
  }

  private static void delete(Playground playground) {
    if (playground.kubectl("", "delete", "raycluster", "c", "--wait=false").exitCode() != 0) {
      throw new AssertionError("the cluster could not be deleted");
    }
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

  /** The patch by which Ray's autoscaler takes two workers away, by the place of their group. */
  private static void scaleDownAsRayDoes(Playground playground) {
    playground.patch(
        "c",
        PatchType.JSON,
        """
        [{"op": "replace", "path": "/spec/workerGroupSpecs/0/replicas", "value": 1},
         {"op": "replace", "path": "/spec/workerGroupSpecs/0/scaleStrategy",
          "value": {"workersToDelete": ["%s", "%s"]}}]
        """
            .formatted(worker(playground, "0"), worker(playground, "2")));
  }

  private static Consumer<Playground> suspend(boolean suspended) {
    return playground ->
        playground.patch(
            "c", PatchType.JSON_MERGE, "{\"spec\": {\"suspend\": %s}}".formatted(suspended));
  }

  /** Evicted, it stays until the operator has seen it. */
  private static void loseAHost(Playground playground) {
    playground.makeFailed(
        playground.workers("c").stream()
            .filter(pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX).equals("0"))
            .filter(pod -> pod.getMetadata().getLabels().get(RayLabels.HOST_INDEX).equals("1"))
            .findFirst()
            .orElseThrow());
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
