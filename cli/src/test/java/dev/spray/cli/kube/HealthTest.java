package dev.spray.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Health.Patience PATIENCE =
      new Health.Patience(Duration.ofSeconds(30), Duration.ofSeconds(30));

  @Test
  void readyIsWhatTheOperatorSaysOfTheSpecAsItIsNow() {
    assertThat(look(cluster(1, "Ready", "True", ""))).isEqualTo(new Health.Ready());
    assertThat(look(cluster(0, "Ready", "True", "")))
        .isEqualTo(new Health.Working("waiting for the operator"));
    assertThat(look(cluster(1, "Ready", "False", "")))
        .isEqualTo(new Health.Working("creating the head"));
  }

  @Test
  void phasesFollowThePods() {
    Cluster cluster = cluster(1, "Ready", "False", "");
    assertThat(look(cluster, pod("h", true, "Pending", "", 0)))
        .isEqualTo(new Health.Working("head: scheduling"));
    assertThat(look(cluster, pod("h", true, "ContainerCreating", "", 0)))
        .isEqualTo(new Health.Working("head: pulling the image"));
    assertThat(look(cluster, ready("h", true), pod("w", false, "Running", "", 0)))
        .isEqualTo(new Health.Working("head ready, workers 0/1: starting Ray"));
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, IMAGE_PULL",
    "InvalidImageName, IMAGE_PULL",
    "CrashLoopBackOff, WORKLOAD_FAILED",
    "CreateContainerConfigError, INVALID_CONFIG"
  })
  void whatDoesNotGetBetterByItselfEndsTheWait(String status, ErrorCode code) {
    assertThat(failure(look(cluster(1, "Ready", "False", ""), pod("h", true, status, "why", 0))))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(code);
          assertThat(failure.reason()).isEqualTo("why");
        });
  }

  /** The first refusal of a registry may be a hiccup. */
  @Test
  void aFirstFailureToPullIsWaitedFor() {
    assertThat(look(cluster(1, "Ready", "False", ""), pod("h", true, "ErrImagePull", "", 0)))
        .isEqualTo(new Health.Working("head: pulling the image again"));
  }

  @Test
  void aPodWithoutANodeMayWaitForOneThatIsBrought() {
    Cluster cluster = cluster(1, "Ready", "False", "");
    RayPod young = pod("h", true, "Unschedulable", "0/3 nodes", 5);
    RayPod old = pod("h", true, "Unschedulable", "0/3 nodes", 60);
    assertThat(look(cluster, young)).isEqualTo(new Health.Working("head: waiting for a node"));
    assertThat(failure(look(cluster, old)).code()).isEqualTo(ErrorCode.UNSCHEDULABLE);
    assertThat(look(cluster, Set.of("TriggeredScaleUp"), old))
        .isEqualTo(new Health.Working("head: waiting for a node"));
    assertThat(failure(look(cluster, Set.of("NotTriggerScaleUp"), young)).code())
        .isEqualTo(ErrorCode.UNSCHEDULABLE);
  }

  @Test
  void whatTheOperatorCanNotDoEndsTheWait() {
    assertThat(failure(look(cluster(1, "Stalled", "True", "the head has no container"))).code())
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(failure(look(cluster(1, "Stalled", "True", "unknown accelerator t5"))).code())
        .isEqualTo(ErrorCode.GPU_UNAVAILABLE);
    assertThat(
            failure(
                    look(
                        cluster(
                            1,
                            "ReplicaFailure",
                            "True",
                            "pods \"c\" is forbidden: exceeded quota: q")))
                .code())
        .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
  }

  @Test
  void aClusterThatNobodyLooksAtEndsTheWait() {
    Health health =
        Health.of(
            cluster(0, "Ready", "False", ""),
            List.of(),
            Set.of(),
            PATIENCE,
            NOW.minusSeconds(31),
            NOW);
    assertThat(failure(health).code()).isEqualTo(ErrorCode.OPERATOR_NOT_RUNNING);
  }

  private static Health look(Cluster cluster, RayPod... pods) {
    return look(cluster, Set.of(), pods);
  }

  private static Health look(Cluster cluster, Set<String> notes, RayPod... pods) {
    return Health.of(cluster, List.of(pods), notes, PATIENCE, NOW.minusSeconds(1), NOW);
  }

  private static Failure failure(Health health) {
    assertThat(health).isInstanceOf(Health.Broken.class);
    return ((Health.Broken) health).failure();
  }

  private static RayPod ready(String name, boolean head) {
    return new RayPod(
        name, "g", head, "node", true, "Running", "", "image", "0", Map.of(), NOW.toString());
  }

  private static RayPod pod(String name, boolean head, String status, String detail, int age) {
    return new RayPod(
        name,
        "g",
        head,
        null,
        false,
        status,
        detail,
        "image",
        "0",
        Map.of(),
        NOW.minusSeconds(age).toString());
  }

  private static Cluster cluster(int observed, String type, String value, String message) {
    try {
      return new Cluster(
          (ObjectNode)
              Json.parse(
                  """
                  {"metadata": {"name": "c", "namespace": "n", "generation": 1},
                   "spec": {"headGroupSpec": {}, "workerGroupSpecs": [{"groupName": "g", "replicas": 1}]},
                   "status": {"observedGeneration": %d, "conditions": [{"type": "%s", "status": "%s", "message": "%s"}]}}
                  """
                      .formatted(observed, type, value, message.replace("\"", "\\\""))));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
