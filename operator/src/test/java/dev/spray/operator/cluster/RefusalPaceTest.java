package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theFirstTimeItIsTriedAgainSoon() {
    assertThat(RefusalPace.pause(Clusters.named("demo").build(), SINCE))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(RefusalPace.pause(refused("False"), SINCE.plusSeconds(3600)))
        .as("it isn't refused any more")
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(RefusalPace.pause(refused("True"), SINCE.minusSeconds(5)))
        .as("another machine's clock is ahead")
        .isEqualTo(Duration.ofMinutes(1));
    RayCluster mended = refused("True");
    mended.getMetadata().setGeneration(2L);
    assertThat(RefusalPace.pause(mended, SINCE.plusSeconds(3600)))
        .as("it was another spec")
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void eachPauseIsAsLongAsAllBeforeItUpToALongest() {
    List<Long> minutes = new ArrayList<>();
    Instant now = SINCE;
    for (int i = 0; i < 7; i++) {
      Duration pause = RefusalPace.pause(refused("True"), now);
      minutes.add(pause.toMinutes());
      now = now.plus(pause);
    }
    assertThat(minutes).containsExactly(1L, 1L, 2L, 4L, 8L, 10L, 10L);
  }

  /** A condition that stays true keeps its time, though another reason stands in it. */
  @Test
  void whatIsRefusedForAnotherReasonIsTriedAgainSoon() {
    Instant changed = SINCE.plusSeconds(3600);
    RayCluster cluster = refused("True", changed);

    assertThat(RefusalPace.pause(cluster, changed.plusSeconds(60)))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(RefusalPace.pause(cluster, changed.plusSeconds(240)))
        .isEqualTo(Duration.ofMinutes(4));
  }

  private static RayCluster refused(String stalled) {
    return refused(stalled, SINCE);
  }

  /**
   * @param told when the status last changed
   */
  private static RayCluster refused(String stalled, Instant told) {
    RayCluster cluster = Clusters.named("demo").build();
    cluster.getMetadata().setGeneration(1L);
    cluster.setStatus(
        Serialization.unmarshal(
            """
            lastUpdateTime: '%s'
            conditions:
            - {type: Stalled, status: '%s', reason: r, observedGeneration: 1, lastTransitionTime: '%s'}
            """
                .formatted(told, stalled, SINCE),
            RayClusterStatus.class));
    return cluster;
  }
}
