package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseHolderTest {
  private static final long START = Long.MAX_VALUE - 5;

  private final LeaseHolder holder = new LeaseHolder(Duration.ofSeconds(15));

  /** Also when the clock, which has no beginning, runs over. */
  @Test
  void itIsAliveUntilItsRecordStoodStillForAsLongAsItSaid() {
    assertThat(alive("a", "1", 10, 0)).isTrue();
    assertThat(alive("a", "1", 10, 9)).isTrue();
    assertThat(alive("a", "1", 10, 10)).isFalse();
    assertThat(alive("a", "2", 10, 11)).as("renewed").isTrue();
    assertThat(alive("b", "3", 10, 22)).as("another one").isTrue();
  }

  @Test
  void aLeaseThatDoesNotSayHowLongIsHeldAsUsual() {
    assertThat(alive("a", "1", null, 0)).isTrue();
    assertThat(alive("a", "1", null, 14)).isTrue();
    assertThat(alive("a", "1", null, 15)).isFalse();
  }

  @Test
  void aLeaseThatWasGivenBackHasNone() {
    assertThat(alive("", "1", 10, 0)).isFalse();
    assertThat(holder.isAlive(new Lease(), START)).isFalse();
  }

  private boolean alive(String name, String version, Integer seconds, int after) {
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withResourceVersion(version)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(name)
            .withLeaseDurationSeconds(seconds)
            .endSpec()
            .build();
    return holder.isAlive(lease, START + Duration.ofSeconds(after).toNanos());
  }
}
