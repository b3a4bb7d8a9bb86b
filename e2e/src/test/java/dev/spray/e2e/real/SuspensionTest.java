package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters that give their machines back, because somebody says so or nobody uses them. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class SuspensionTest {
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
  void aSuspendedClusterIsResumed() throws IOException {
    playground.apply(Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml")));
    playground.awaitTrue("hello", ConditionTypes.READY);

    patch("hello", "spec: {suspend: true}");
    playground.awaitTrue("hello", ConditionTypes.SUSPENDED);
    assertThat(playground.pods()).isEmpty();
    assertThat(playground.cluster("hello").getStatus().state()).isEqualTo("suspended");

    patch("hello", "spec: {suspend: false}");
    playground.awaitTrue("hello", ConditionTypes.READY);
    assertThat(playground.cluster("hello").getStatus().state()).isEqualTo("ready");
    RayHead head = new RayHead(playground, "hello");
    RayHead.await().until(() -> head.nodes().size() == 2);
  }

  /** Ray's autoscaler notices that there is no driver, and sets {@code idleSuspend}. */
  @Test
  void aClusterThatNobodyUsesIsSuspendedAndResumed() {
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: idle
        spec:
          rayVersion: 2.60.0
          enableInTreeAutoscaling: true
          autoscalerOptions:
            version: v2
          idleTerminationOptions:
            timeoutSeconds: 1
            policy: Suspend
          headGroupSpec:
            rayStartParams: {num-cpus: "0"}
            template:
              spec:
                containers:
                - name: ray-head
                  image: rayproject/ray:2.60.0
                  resources:
                    requests: {cpu: 500m, memory: 2Gi}
                    limits: {memory: 2Gi}
          # Without any, Ray's autoscaler doesn't start.
          workerGroupSpecs: []
        """);
    playground.awaitTrue("idle", ConditionTypes.SUSPENDED);
    assertThat(playground.pods()).isEmpty();
    assertThat(playground.cluster("idle").getSpec().idleSuspend()).isTrue();

    patch("idle", "spec: {idleSuspend: false, idleTerminationOptions: null}");
    playground.awaitTrue("idle", ConditionTypes.READY);
  }

  private void patch(String cluster, String change) {
    Kubectl.Result result =
        playground.kubectl("", "patch", "raycluster", cluster, "--type=merge", "-p", change);
    assertThat(result.exitCode()).as(result.output()).isZero();
  }
}
