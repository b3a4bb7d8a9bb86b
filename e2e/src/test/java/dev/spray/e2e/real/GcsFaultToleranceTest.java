package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With its state in a real Redis, a cluster survives its head and leaves nothing behind. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class GcsFaultToleranceTest {
  /** The testbed's Ray image has the distribution's Redis. */
  private static final String REDIS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: redis}
      stringData: {password: open-sesame}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: redis}
      spec:
        selector: {app: redis}
        ports: [{port: 6379}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: redis
        labels: {app: redis}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: redis
          image: rayproject/ray:2.60.0
          command: [sh, -c]
          args: ['exec redis-server --bind 0.0.0.0 --requirepass "$REDISCLI_AUTH" --save "" --dir /tmp']
          env: [{name: REDISCLI_AUTH, valueFrom: {secretKeyRef: {name: redis, key: password}}}]
          readinessProbe: {exec: {command: [redis-cli, ping]}, periodSeconds: 1}
          resources: {requests: {cpu: 50m, memory: 64Mi}}
      """;

  private static final String CLUSTER =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata:
        name: kept
      spec:
        rayVersion: 2.60.0
        gcsFaultToleranceOptions:
          redisAddress: redis:6379
          redisPassword: {valueFrom: {secretKeyRef: {name: redis, key: password}}}
        headGroupSpec:
          rayStartParams: {num-cpus: "0"}
          template:
            spec: &pod
              terminationGracePeriodSeconds: 1
              containers:
              - name: ray
                image: rayproject/ray:2.60.0
                resources:
                  requests: {cpu: 500m, memory: 2Gi}
                  limits: {memory: 2Gi}
        workerGroupSpecs:
        - groupName: small
          replicas: 1
          minReplicas: 0
          maxReplicas: 1
          rayStartParams: {}
          template:
            spec: *pod
      """;

  private static final String COUNT =
      """
      import ray
      ray.init(namespace="tests", logging_level="ERROR")

      @ray.remote(num_cpus=0.1)
      class Counter:
          def __init__(self):
              self.count = 0

          def up(self):
              self.count += 1
              return self.count

      counter = Counter.options(name="counter", lifetime="detached", get_if_exists=True).remote()
      print("count", ray.get(counter.up.remote(), timeout=100))
      """;

  private static final List<String> NO_ANSWER = List.of("no answer");

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aDetachedActorSurvivesTheHeadAndNothingSurvivesTheCluster() {
    // A new namespace has its service account a little later.
    Playground.await()
        .untilAsserted(() -> {
          Kubectl.Result applied = playground.kubectl(REDIS, "apply", "-f", "-");
          assertThat(applied.exitCode()).as(applied.output()).isZero();
        });
    Playground.await().until(() -> redis("ping").equals(List.of("PONG")));
    playground.apply(CLUSTER);
    playground.awaitTrue("kept", ConditionTypes.READY);
    String uid = playground.cluster("kept").getMetadata().getUid();
    RayHead head = new RayHead(playground, "kept");
    assertThat(head.python(COUNT)).contains("count 1");
    assertThat(redis("--scan")).isNotEmpty().allMatch(key -> key.contains(uid));
    Set<String> nodes = RayHead.await().until(head::nodes, ids -> ids.size() == 2);
    Pod lost = playground.heads("kept").getFirst();

    playground.admin().resource(lost).withGracePeriod(0).delete();

    Playground.await()
        .until(() ->
            playground.heads("kept").stream()
                .anyMatch(pod -> !pod.getMetadata().getUid().equals(lost.getMetadata().getUid())));
    playground.awaitTrue("kept", ConditionTypes.READY);
    // Redis knows the lost head for a while.
    var _ = RayHead.await().until(head::nodes, ids -> ids.size() == 2 && !ids.equals(nodes));
    assertThat(head.python(COUNT)).contains("count 2");

    playground.admin().resource(playground.cluster("kept")).delete();

    Playground.await().until(() -> playground.cluster("kept") == null);
    assertThat(Playground.await().until(() -> redis("--scan"), keys -> !NO_ANSWER.equals(keys)))
        .isEmpty();
    Playground.await()
        .untilAsserted(() -> assertThat(playground.eventReasons()).contains("CleanedUpRedis"));
  }

  /** What Redis answers, line by line. */
  private List<String> redis(String... command) {
    Kubectl.Result result =
        playground.kubectl("", "exec", "redis", "--", "redis-cli", String.join(" ", command));
    return result.exitCode() == 0 ? result.output().lines().toList() : NO_ANSWER;
  }
}
