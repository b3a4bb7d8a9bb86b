package dev.spray.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.cli.Golden;
import dev.spray.cli.failure.Failure;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ScalePatchTest {
  private final Cluster one = Golden.clusters().get(0);
  private final Cluster autoscaled = Golden.clusters().get(1);
  private final Cluster brief = Golden.clusters().get(2);

  @Test
  void itTouchesTheNumberAloneAndOnlyOfThatGroup() {
    assertThat(ScalePatch.of(one, null, 3, null, null).json())
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/spec/workerGroupSpecs/0/groupName\",\"value\":\"worker\"},"
                + "{\"op\":\"add\",\"path\":\"/spec/workerGroupSpecs/0/replicas\",\"value\":3}]");
  }

  @Test
  void aClusterThatIsNotCompleteYetIsScaledWhereItsGroupsStand() {
    assertThat(ScalePatch.of(brief, "worker", 3, null, null).json())
        .contains("/spec/platform/groups/0/replicas");
  }

  @Test
  void boundsOfAnAutoscaledGroupCanBeMoved() {
    ScalePatch patch = ScalePatch.of(autoscaled, "large", null, 2, 8);
    assertThat(patch.json())
        .contains("/spec/workerGroupSpecs/1/minReplicas")
        .contains("maxReplicas");
    assertThat(patch.change()).isEqualTo("at least 2, at most 8");
  }

  @Test
  void whatCanNotBeMeantIsRefusedWithTheRemedy() {
    refused(() -> ScalePatch.of(autoscaled, null, null, 1, null), "small, large");
    refused(() -> ScalePatch.of(autoscaled, "small", 5, null, null), "--min 5 --max 10");
    refused(() -> ScalePatch.of(one, "other", 5, null, null), "worker");
    refused(() -> ScalePatch.of(one, null, null, null, null), "--replicas");
    refused(() -> ScalePatch.of(one, null, -1, null, null), "--min 0");
    refused(() -> ScalePatch.of(one, null, 9, null, 8), "--max 9");
    refused(() -> ScalePatch.of(Golden.clusters().get(3), null, 1, null, null), "sp-ray edit");
  }

  private static void refused(ThrowingCallable call, String remedy) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.suggestion()).contains(remedy));
  }
}
