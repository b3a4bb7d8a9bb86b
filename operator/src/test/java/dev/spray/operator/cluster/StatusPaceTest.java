package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPaceTest {
  private static final Instant WRITTEN = Instant.parse("2026-03-01T12:00:00Z");
  private static final RayClusterStatus BEFORE = status(1, 1, condition("Ready", "False", "a"));

  @Test
  void theFirstStatusIsWrittenAtOnce() {
    assertThat(StatusPace.wait(null, BEFORE, WRITTEN)).isZero();
    assertThat(StatusPace.wait(BEFORE.withLastUpdateTime(null), BEFORE, WRITTEN)).isZero();
  }

  @Test
  void aConditionThatTurnsIsWrittenAtOnce() {
    assertThat(wait(status(1, 1, condition("Ready", "True", "a")), "PT0S")).isZero();
  }

  @Test
  void aConditionThatComesOrGoesIsWrittenAtOnce() {
    Condition ready = condition("Ready", "False", "a");

    assertThat(wait(status(1, 1, ready, condition("ReplicaFailure", "True", "q")), "PT0S"))
        .isZero();
    assertThat(wait(status(1, 1), "PT0S")).isZero();
  }

  @Test
  void anotherGenerationIsWrittenAtOnce() {
    assertThat(wait(status(2, 1, condition("Ready", "False", "a")), "PT0S")).isZero();
  }

  @ParameterizedTest(name = "after {0}: wait {1}")
  @CsvSource({"PT0S, PT5S", "PT0.4S, PT4.6S", "PT4.999S, PT0.001S", "PT5S, PT0S", "PT1H, PT0S"})
  void countsAndWordsWait(String age, String wait) {
    assertThat(wait(status(1, 7, condition("Ready", "False", "a")), age))
        .isEqualTo(Duration.parse(wait));
    assertThat(wait(status(1, 1, condition("Ready", "False", "b")), age))
        .isEqualTo(Duration.parse(wait));
  }

  /** The head on its way, for example: what counts is that the cluster becomes ready. */
  @Test
  void aConditionOnTheWayWaits() {
    Condition ready = condition("Ready", "False", "a");

    assertThat(wait(status(1, 1, ready, condition("HeadPodReady", "True", "h")), "PT0S"))
        .isPositive();
  }

  /** After a change of leader the times may be those of another clock: the next one is ours. */
  @Test
  void aTimeFromTheFutureHoldsNothingUp() {
    assertThat(wait(status(1, 7, condition("Ready", "False", "a")), "PT-1H")).isZero();
  }

  @Test
  void changesThatNeverEndAreWrittenEveryFewSeconds() {
    Random random = new Random(7);
    RayClusterStatus stored = BEFORE;
    Instant now = WRITTEN;
    int writes = 0;
    for (int count = 2; now.isBefore(WRITTEN.plusSeconds(60)); count++) {
      RayClusterStatus next = status(1, count, condition("Ready", "False", "a"));
      if (StatusPace.wait(stored, next, now).isZero()) {
        stored = next.withLastUpdateTime(Conditions.time(now));
        writes++;
      }
      now = now.plusMillis(random.nextInt(100));
    }

    assertThat(writes).isBetween(10, 15);
  }

  private static Duration wait(RayClusterStatus after, String age) {
    return StatusPace.wait(BEFORE, after, WRITTEN.plus(Duration.parse(age)));
  }

  private static Condition condition(String type, String status, String reason) {
    return new ConditionBuilder().withType(type).withStatus(status).withReason(reason).build();
  }

  private static RayClusterStatus status(long generation, int workers, Condition... conditions) {
    return new RayClusterStatus(
        null,
        null,
        null,
        null,
        null,
        WRITTEN.toString(),
        null,
        null,
        null,
        "",
        List.of(conditions),
        workers,
        workers,
        9,
        0,
        9,
        null,
        generation,
        null);
  }
}
