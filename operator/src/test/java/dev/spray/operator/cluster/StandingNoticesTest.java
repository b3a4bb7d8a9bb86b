package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandingNoticesTest {
  private static final long START = -5;

  private final StandingNotices notices = new StandingNotices();
  private final Lifetime life = new Lifetime("{ttl: 1s}");

  @BeforeEach
  void warn() {
    life.look();
  }

  @Test
  void itStandsSinceItWasSeenFirst() {
    assertThat(notices.stoodFor(life.cluster, START)).isZero();
    assertThat(notices.stoodFor(life.cluster, START + 7)).isEqualTo(Duration.ofNanos(7));
    assertThat(notices.stoodFor(life.cluster, START + 70)).isEqualTo(Duration.ofNanos(70));
  }

  @Test
  void whatIsTakenAwayOrGivenAnewIsCountedAnew() {
    var _ = notices.stoodFor(life.cluster, START);
    life.extend("2027-01-01T00:00:00Z");
    life.look();
    assertThat(notices.stoodFor(life.cluster, START + 10)).isZero();
    life.extend(null);
    life.look();
    assertThat(notices.stoodFor(life.cluster, START + 20)).isZero();
    life.lifecycle("{ttl: 1s, onExpiry: Delete}");
    life.look();
    assertThat(notices.stoodFor(life.cluster, START + 30)).isZero();
    assertThat(notices.stoodFor(life.cluster, START + 35)).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void aTimeThatIsPutOffIsTheSameWarning() {
    var _ = notices.stoodFor(life.cluster, START);
    life.extend(life.wall.plus(Duration.ofMinutes(16)).toString());
    life.pass(Duration.ofMinutes(2));
    life.look();

    assertThat(notices.stoodFor(life.cluster, START + 9)).isEqualTo(Duration.ofNanos(9));
  }

  /** As it was deleted, for example. */
  @Test
  void aClusterThatIsNotLookedAtAnyMoreIsForgotten() {
    var _ = notices.stoodFor(life.cluster, START);
    Lifetime other = new Lifetime("{ttl: 1s}");
    other.cluster.getMetadata().setUid("other");
    other.look();
    var _ = notices.stoodFor(other.cluster, START + Duration.ofHours(2).toNanos());

    assertThat(notices.stoodFor(life.cluster, START + Duration.ofHours(3).toNanos())).isZero();
  }
}
