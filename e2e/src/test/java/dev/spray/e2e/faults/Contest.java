package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Instances that contend for one lease, and the namespace that they all serve. */
final class Contest implements AutoCloseable {
  private static final int BETWEEN_CHECK_AND_SOCKET = 2;
  private static final Duration WAKING_UP = Duration.ofSeconds(2);

  private final Testbed testbed;
  private final Playground playground;
  private final List<Instance> instances = new ArrayList<>();

  Contest(Testbed testbed) {
    this.testbed = testbed;
    this.playground = new Playground(testbed);
    // Whoever held it before this test is dead, and needn't be waited for.
    lease().delete();
  }

  Playground playground() {
    return playground;
  }

  /** Another instance, with a direct way to the API server. */
  Instance start(String name) {
    return start(name, playground.operatorConfig());
  }

  /** Another instance, with a way of its own. */
  Instance start(String name, Config config) {
    Instance instance = Instance.start(name, config, playground.namespace());
    instances.add(instance);
    return instance;
  }

  /** Waits until an instance leads. */
  void awaitLeading(Instance instance) {
    Playground.await().until(() -> holder().filter(instance.name()::equals).isPresent());
  }

  /** Waits until an instance has looked at the lease since a moment: it runs, and contends. */
  void awaitContending(Instance instance, Instant since) {
    Playground.await().until(() -> audit(instance).looksAtLease(since) > 1);
  }

  /** Who holds the lease, by its own record. */
  Optional<String> holder() {
    return Optional.ofNullable(lease().get()).map(lease -> lease.getSpec().getHolderIdentity());
  }

  InstanceAudit audit(Instance instance) {
    return InstanceAudit.of(testbed, instance);
  }

  /** Waits for a number of workers of the cluster {@code c}. */
  void awaitWorkers(int workers) {
    Playground.await().until(() -> playground.workers("c").size() == workers);
  }

  /** Prints how long it took a successor to get the lease. */
  void printTakeOver(String from, Instant since, Instance successor) {
    Instant renewed =
        Playground.await()
            .until(() -> audit(successor).firstRenewal(since), Optional::isPresent)
            .orElseThrow();
    Duration took = Duration.between(since, renewed);
    System.out.printf("take-over after %s: %.1f s%n", from, took.toMillis() / 1000.0);
  }

  /** What must hold at the end of every contest in which a cluster only ever grew. */
  void assertNothingTwice(int workers) {
    awaitWorkers(workers);
    settle();
    assertThat(playground.heads("c")).hasSize(1);
    assertThat(playground.workers("c"))
        .extracting(Contest::index)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, workers).mapToObj(String::valueOf).toList());
    assertThat(Audit.requests(testbed, playground))
        .noneMatch(request -> request.verb().startsWith("delete"))
        .filteredOn(request ->
            request.verb().equals("create")
                && request.resource().equals("pods")
                && request.code() == 201)
        .hasSize(workers + 1);
  }

  /** Waits until nothing is left to be written. */
  void settle() {
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  /** The rule of which all else follows. */
  void assertNobodyWroteWithoutLease() {
    instances.forEach(this::assertDidNotWriteWithoutLease);
  }

  /**
   * The same rule, but for one that was frozen amid its writes. What was between the last check and
   * the socket goes out when it wakes up: no client can prevent that. It is a few at most that the
   * API server takes; names that it has already it refuses, which changes nothing.
   */
  void assertOnlyStragglers(Instance frozen, Instant thawed) {
    List<InstanceAudit.Request> stragglers = audit(frozen).workWithoutLease();
    System.out.printf("stragglers of a leader frozen amid its writes: %d%n", stragglers.size());
    assertThat(stragglers)
        .as("writes of %s after its deadline; its log is %s", frozen, frozen.log())
        .allMatch(write -> write.at().isBefore(thawed.plus(WAKING_UP)))
        .filteredOn(write -> write.code() != HttpURLConnection.HTTP_CONFLICT)
        .hasSizeLessThanOrEqualTo(BETWEEN_CHECK_AND_SOCKET);
    instances.stream().filter(i -> !i.equals(frozen)).forEach(this::assertDidNotWriteWithoutLease);
  }

  private void assertDidNotWriteWithoutLease(Instance instance) {
    assertThat(audit(instance).workWithoutLease())
        .as("writes of %s after its deadline; its log is %s", instance, instance.log())
        .isEmpty();
  }

  @Override
  public void close() {
    instances.forEach(Instance::close);
    playground.close();
  }

  private Resource<Lease> lease() {
    return playground.admin().leases().inNamespace("ray-system").withName("sp-ray-operator");
  }

  private static String index(Pod pod) {
    return pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX);
  }
}
