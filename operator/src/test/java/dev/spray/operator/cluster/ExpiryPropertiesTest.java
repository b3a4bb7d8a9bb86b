package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Extension;
import dev.spray.operator.ray.Activity;
import dev.spray.operator.ray.Activity.State;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a cluster, its clocks, its head and its operator: it doesn't expire without a
 * warning of just that which has stood its whole length, nor on a word that can't be read.
 */
class ExpiryPropertiesTest {
  private static final int EVENTS = 150;
  private static final List<String> TIMES = List.of("1s", "10m", "1h", "3h", "\"\"", "soon");
  private static final List<String> DEEDS = List.of("Suspend", "Delete", "Vanish");

  private Random random;
  private Lifetime life;

  /** True time, which no clock of the operator's shows. */
  private Duration elapsed = Duration.ZERO;

  /** What the users can read, and since when in true time. */
  private Optional<String> warned = Optional.empty();

  private Duration warnedAt = Duration.ZERO;

  /** What really runs, and what the head says of it. */
  private Activity truth = Activity.nothing(Optional.empty());

  private Duration heardAt = Duration.ZERO;
  private Optional<State> heard = Optional.empty();
  private int deeds;

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingExpiresUnwarned(int seed) {
    live(seed);
  }

  /** A world in which nothing could ever expire would prove nothing. */
  @Test
  void manyDoExpire() {
    int all = 0;
    for (int seed : seeds().toArray()) {
      deeds = 0;
      warned = Optional.empty();
      heard = Optional.empty();
      live(seed);
      all += deeds;
    }
    assertThat(all).isGreaterThan(60);
  }

  private void live(int seed) {
    random = new Random(seed);
    life = new Lifetime("{ttl: 1h, idleTimeout: 1h}");
    life.warning = Duration.ofMinutes(15);
    for (int i = 0; i < EVENTS; i++) {
      happen();
      look();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leftInPeaceItExpires(int seed) {
    live(seed);
    life.suspended(false);
    life.extend(null);
    life.says(Activity.nothing(Optional.empty()));
    life.lifecycle(random.nextBoolean() ? "{ttl: 1h}" : "{idleTimeout: 1h, onExpiry: Delete}");

    assertThat(life.run(10_000)).isPresent();
  }

  private void happen() {
    switch (random.nextInt(14)) {
      case 0 -> life.set(Duration.ofMinutes(random.nextInt(600) - 300));
      case 1 -> life.restart();
      case 2 -> life.lifecycle(lifecycle());
      case 3 -> life.extend(extension());
      case 4 -> life.suspended(random.nextInt(4) == 0);
      case 5 -> life.warning = Duration.ofMinutes(random.nextInt(30) + 1L);
      case 6 -> life.lookStalled();
      case 7 -> spoil();
      case 8 -> truth = random.nextBoolean() ? Activity.running("x") : truth();
      case 9 -> hear(random.nextInt(3) == 0 ? Activity.unknown() : truth);
      default -> {
        Duration time =
            random.nextBoolean()
                ? life.last.lookAgainIn().orElse(Duration.ofMinutes(1))
                : Duration.ofMinutes(random.nextInt(20));
        life.pass(time);
        elapsed = elapsed.plus(time);
        if (random.nextBoolean()) {
          hear(truth);
        }
      }
    }
    read();
  }

  private void hear(Activity said) {
    life.says(said);
    heard = Optional.of(said.state());
    heardAt = elapsed;
  }

  private Activity truth() {
    return Activity.nothing(
        random.nextBoolean() ? Optional.empty() : Optional.of(life.wall.minusSeconds(30)));
  }

  private String lifecycle() {
    return "{ttl: %s, idleTimeout: %s, onExpiry: %s}"
        .formatted(
            random.nextBoolean() ? "null" : one(TIMES),
            random.nextBoolean() ? "null" : one(TIMES),
            random.nextBoolean() ? "null" : one(DEEDS));
  }

  private String extension() {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> "tomorrow";
      default -> life.wall.plus(Duration.ofMinutes(random.nextInt(240) - 120)).toString();
    };
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Somebody else writes nonsense into the status. */
  private void spoil() {
    life.expiring().ifPresent(condition -> condition.setLastTransitionTime("nonsense"));
  }

  private void look() {
    if (random.nextInt(10) == 0) {
      // The write of this pass fails.
      life.decide();
    } else {
      life.look();
    }
    if (life.last.carriedOut()) {
      deeds++;
      judge();
    }
    read();
  }

  /** What the users read now. */
  private void read() {
    Optional<String> now =
        life.expiring()
            .filter(condition -> !condition.getLastTransitionTime().equals("nonsense"))
            .map(Condition::getReason);
    if (!now.equals(warned)) {
      warned = now;
      warnedAt = elapsed;
    }
  }

  private void judge() {
    Expiry.Due due = life.last.due().orElseThrow();
    assertThat(warned).as("what was warned of").contains(due.reason());
    assertThat(elapsed.minus(warnedAt)).as("for how long").isGreaterThanOrEqualTo(life.warning);
    assertThat(life.wall).isAfterOrEqualTo(due.at());
    Extension extension = Extension.of(life.cluster.getMetadata().getAnnotations());
    assertThat(extension.problem()).isEmpty();
    assertThat(extension.until())
        .as("extended")
        .matches(u -> u.isEmpty() || !u.get().isAfter(life.wall));
    var lifecycle = life.cluster.getSpec().platform().lifecycle();
    assertThat(lifecycle.problems()).isEmpty();
    assertThat(due.deletes()).isEqualTo("Delete".equals(lifecycle.onExpiry()));
    assertThat(due.deletes() || !life.cluster.getSpec().suspended()).as("not twice").isTrue();
    if (due.cause() == Expiry.Cause.IDLE) {
      assertThat(lifecycle.timeIdle()).isPresent();
      assertThat(heard).as("what was heard last").contains(State.NOTHING);
      assertThat(elapsed.minus(heardAt)).isLessThanOrEqualTo(ActivityPace.FRESH);
    } else {
      assertThat(lifecycle.timeToLive()).isPresent();
    }
  }
}
