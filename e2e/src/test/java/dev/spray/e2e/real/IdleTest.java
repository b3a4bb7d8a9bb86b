package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What real Ray says of what runs, and what becomes of a cluster in which nothing does. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class IdleTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.warnFor("5s");
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aClusterIsSuspendedWhenNothingRunsInItAnyMore() {
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: lonely
        spec:
          platform:
            lifecycle: {idleTimeout: 12h}
          rayVersion: 2.60.0
          headGroupSpec:
            rayStartParams: {num-cpus: "1"}
            template:
              spec:
                containers:
                - name: ray-head
                  image: rayproject/ray:2.60.0
                  resources:
                    requests: {cpu: 500m, memory: 2Gi}
                    limits: {memory: 2Gi}
        """);
    playground.awaitTrue("lonely", ConditionTypes.READY);
    RayHead head = new RayHead(playground, "lonely");
    head.python(
        """
        import ray
        ray.init(address="auto", namespace="mine", logging_level="ERROR")

        @ray.remote(num_cpus=0)
        class Keeper:
            def ping(self):
                return "pong"

        keeper = Keeper.options(name="keeper", lifetime="detached").remote()
        print(ray.get(keeper.ping.remote()))
        """);
    // Asked every second or so from now on.
    playground.patch(
        "lonely",
        PatchType.JSON_MERGE,
        "{\"spec\": {\"platform\": {\"lifecycle\": {\"idleTimeout\": \"10s\"}}}}");
    awaitIdle("False", "An actor lives: Keeper of namespace mine");
    assertThat(playground.condition("lonely", ConditionTypes.EXPIRING)).isEmpty();

    head.python(
        """
        import ray
        ray.init(address="auto", namespace="mine", logging_level="ERROR")
        ray.kill(ray.get_actor("keeper"))
        """);
    awaitIdle("True", "No driver is connected, and no actor lives");
    playground.awaitTrue("lonely", ConditionTypes.SUSPENDED);

    assertThat(playground.pods()).isEmpty();
    // Events are recorded in the background.
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.eventReasons())
                .contains("RayClusterExpiring", "SuspendedExpiredRayCluster"));
    assertThat(playground.eventNotes("SuspendedExpiredRayCluster"))
        .singleElement()
        .asString()
        .contains("nothing has run in it since");
  }

  private void awaitIdle(String status, String message) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("lonely", ConditionTypes.IDLE))
                .hasValueSatisfying(idle -> {
                  assertThat(idle.getStatus()).isEqualTo(status);
                  assertThat(idle.getMessage()).isEqualTo(message);
                }));
  }
}
