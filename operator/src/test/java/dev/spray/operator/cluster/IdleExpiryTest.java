package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.Lifetime.START;
import static dev.spray.operator.cluster.Lifetime.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.ray.Activity;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cluster that is to go when nothing has run in it for long. */
class IdleExpiryTest {
  private static final Activity NOTHING = Activity.nothing(Optional.empty());
  private static final Activity DRIVER = Activity.running("A driver is connected");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant READY = START.plusSeconds(60);

  private final Lifetime life = new Lifetime("{idleTimeout: 8h}");

  @Test
  void whatRunsIsAskedForAndKnownFromThenOn() {
    Expiry expiry = life.look();
    assertThat(expiry.asksWhatRuns()).isTrue();
    assertThat(life.condition(ConditionTypes.IDLE)).isEmpty();

    life.says(DRIVER);
    life.look();
    assertThat(idle().getStatus()).isEqualTo("False");
    assertThat(idle().getReason()).isEqualTo("InUse");
    assertThat(idle().getMessage()).isEqualTo("A driver is connected");

    life.pass(MINUTE);
    life.says(NOTHING);
    life.look();
    assertThat(idle().getStatus()).isEqualTo("True");
    assertThat(idle().getReason()).isEqualTo("NothingRuns");
    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(READY.plus(MINUTE)));
  }

  /** Every few minutes, every minute during the warning, and just before the deed. */
  @Test
  void itIsAskedAgainEveryFewMinutes() {
    life.says(NOTHING);
    assertThat(life.look().asksWhatRuns()).isFalse();
    assertThat(life.last.lookAgainIn()).contains(Duration.ofMinutes(5));
    life.pass(Duration.ofMinutes(2));
    assertThat(life.look().lookAgainIn()).contains(Duration.ofMinutes(3));
    life.pass(Duration.ofMinutes(3));
    assertThat(life.look().asksWhatRuns()).isTrue();

    warn();
    life.pass(MINUTE.minusSeconds(1));
    assertThat(life.look().asksWhatRuns()).isFalse();
    life.pass(Duration.ofSeconds(1));
    assertThat(life.look().asksWhatRuns()).isTrue();
  }

  @Test
  void aShortTimeIsWatchedMoreClosely() {
    life.lifecycle("{idleTimeout: 20m}");
    life.says(NOTHING);
    assertThat(life.look().lookAgainIn()).contains(Duration.ofMinutes(2));
    life.lifecycle("{idleTimeout: 2s}");
    assertThat(life.look().lookAgainIn()).contains(Duration.ofMillis(1));
    assertThat(life.look().lookAgainIn()).contains(Duration.ofSeconds(1));
  }

  @Test
  void anIdleClusterIsWarnedAndSuspended() {
    life.says(NOTHING);
    Optional<Action> deed = life.run(2000);

    assertThat(deed)
        .hasValueSatisfying(action -> {
          assertThat(action).isInstanceOf(Action.SuspendCluster.class);
          assertThat(action.reason().why())
              .isEqualTo(
                  "nothing has run in it since 2026-03-01T12:01:00Z, and its idleTimeout is 8h, and"
                      + " its users have been warned since 2026-03-01T19:46:00Z");
        });
    assertThat(life.wall).isAfterOrEqualTo(READY.plus(Duration.ofHours(8)));
    assertThat(life.expiring().orElseThrow().getReason()).isEqualTo("SuspendWhenIdle");
    assertThat(life.events).extracting(EventNote::reason).containsExactly("RayClusterExpiring");
  }

  @Test
  void aClusterInUseIsNot() {
    life.says(DRIVER);
    assertThat(life.run(2000)).isEmpty();
    assertThat(life.events).isEmpty();
  }

  @Test
  void aClusterThatIsUsedAgainIsNotWarnedAnyMore() {
    warn();
    life.pass(Duration.ofMinutes(14));
    life.says(DRIVER);
    life.look();

    assertThat(life.expiring()).isEmpty();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isNull();
    assertThat(life.events)
        .extracting(EventNote::reason)
        .containsExactly("RayClusterExpiring", "RayClusterNotExpiring");

    life.says(NOTHING);
    life.pass(MINUTE);
    life.look();
    assertThat(life.expiring()).as("its time begins anew").isEmpty();
    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  /** The last word may be minutes old. */
  @Test
  void justBeforeTheDeedItIsAskedOnceMore() {
    warn();
    life.pass(Duration.ofMinutes(14));
    life.asked();
    life.look();
    life.pass(MINUTE);
    Expiry expiry = life.look();
    assertThat(expiry.carriedOut()).isFalse();
    assertThat(expiry.asksWhatRuns()).isTrue();

    life.says(DRIVER);
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.expiring()).isEmpty();
  }

  @Test
  void andOnlyAFreshWordThatNothingRunsLetsItGo() {
    warn();
    life.pass(WARNING);
    life.asked();
    life.pass(ActivityPace.FRESH.plusMillis(1));
    assertThat(life.look().carriedOut()).isFalse();
    life.says(Activity.unknown());
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.last.asksWhatRuns()).isFalse();
    assertThat(life.last.lookAgainIn()).as("not in a tight loop").contains(MINUTE);
    life.says(null);
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.expiring()).as("it goes on to stand").isPresent();

    life.says(NOTHING);
    assertThat(life.look().carriedOut()).isTrue();
  }

  /** Perhaps nobody hears from it again. */
  @Test
  void aHeadThatFellSilentHoldsUpNoTtl() {
    life.lifecycle("{idleTimeout: 8h, ttl: 10h}");
    warn();
    life.says(Activity.unknown());

    assertThat(life.run(2000))
        .hasValueSatisfying(action -> assertThat(action.reason().why()).contains("its ttl of 10h"));
    assertThat(life.events).as("each was warned of").hasSize(2);
  }

  @Test
  void aHeadThatDoesNotAnswerLetsNothingExpire() {
    life.says(Activity.unknown());
    assertThat(life.run(2000)).isEmpty();
    assertThat(idle().getStatus()).isEqualTo("False");
    assertThat(idle().getReason()).isEqualTo("NoAnswer");
    assertThat(life.events).isEmpty();
  }

  /** Else one that is late now and then would never go. */
  @Test
  void anAnswerThatIsMissedOnceIsNoUse() {
    life.says(NOTHING);
    life.look();
    life.pass(Duration.ofHours(4));
    life.says(Activity.unknown());
    life.look();
    assertThat(idle().getStatus()).isEqualTo("True");
    assertThat(idle().getReason()).isEqualTo("NoAnswer");

    life.pass(MINUTE);
    life.says(NOTHING);
    life.look();
    assertThat(idle().getReason()).isEqualTo("NothingRuns");
    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(READY));
  }

  /** Such as came and went between two questions, or while there was no operator. */
  @Test
  void aDriverThatHasEndedMeanwhileWasUse() {
    life.says(NOTHING);
    life.look();
    life.pass(Duration.ofHours(7));
    life.says(Activity.nothing(Optional.of(life.wall.minusSeconds(120))));
    life.look();
    assertThat(idle().getLastTransitionTime())
        .isEqualTo(Conditions.time(life.wall.minusSeconds(120)));

    life.says(Activity.nothing(Optional.of(life.wall.plusSeconds(3600))));
    life.look();
    assertThat(idle().getLastTransitionTime())
        .as("a clock ahead of ours")
        .isEqualTo(Conditions.time(life.wall));
  }

  /** Nobody has watched it until then. */
  @Test
  void whatAHeadSaysOfThePastMakesNoClusterOlder() {
    life.pass(Duration.ofDays(30));
    life.says(Activity.nothing(Optional.of(START.plusSeconds(5))));
    life.look();

    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
    assertThat(life.expiring()).isEmpty();
  }

  @Test
  void aTimeYetToComeIsCountedAnew() {
    life.set(Duration.ofDays(10));
    life.says(NOTHING);
    life.look();
    life.set(Duration.ofDays(-9));
    life.look();

    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  @Test
  void aNewProcessRemembersSinceWhenNothingRan() {
    life.says(NOTHING);
    life.look();
    life.pass(Duration.ofHours(7));
    life.restart();
    life.look();
    assertThat(idle().getLastTransitionTime()).isEqualTo(Conditions.time(READY));
    assertThat(life.last.asksWhatRuns()).isTrue();
  }

  /** Whether it was used while nobody watched only the head can say. */
  @Test
  void aNewProcessDoesNotWarnBeforeItHasAsked() {
    life.says(NOTHING);
    life.look();
    life.restart();
    life.pass(Duration.ofDays(1));
    life.look();
    assertThat(life.expiring()).isEmpty();
    assertThat(life.last.asksWhatRuns()).isTrue();

    life.says(NOTHING);
    life.look();
    assertThat(life.expiring()).isPresent();
  }

  @Test
  void withoutAHeadNothingIsKnown() {
    warn();
    life.hasHead = false;
    life.pass(WARNING);
    Expiry expiry = life.look();

    assertThat(expiry).isEqualTo(Expiry.NONE);
    assertThat(life.condition(ConditionTypes.IDLE)).isEmpty();
    assertThat(life.expiring()).isEmpty();
  }

  @Test
  void aPassThatDeletesTheHeadDoesNotSayWhatRunsInIt() {
    life.says(NOTHING);
    life.look();
    life.lookAndLoseTheHead();

    assertThat(life.condition(ConditionTypes.IDLE)).isEmpty();
  }

  /** Nothing runs in it, but that was wanted. */
  @Test
  void aSuspendedClusterIsNotDeletedForWantOfUse() {
    life.lifecycle("{idleTimeout: 8h, onExpiry: Delete}");
    warn();
    life.suspended(true);
    life.pass(Duration.ofDays(30));

    assertThat(life.look()).isEqualTo(Expiry.NONE);
  }

  /** Who starts something because it was idle must not lose it for another cause soon after. */
  @Test
  void anotherCauseNeedsAnotherWarning() {
    life.lifecycle("{idleTimeout: 8h, ttl: 8h10m}");
    warn();
    life.pass(Duration.ofMinutes(14));
    life.says(DRIVER);
    assertThat(life.look().carriedOut()).isFalse();
    Condition warning = life.expiring().orElseThrow();
    assertThat(warning.getReason()).isEqualTo("SuspendAfterTtl");
    assertThat(warning.getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
    assertThat(life.events).extracting(EventNote::reason).hasSize(2);
  }

  @Test
  void theCauseThatWasNamedFirstGoesOn() {
    life.lifecycle("{idleTimeout: 8h, ttl: 8h10m}");
    warn();
    life.pass(Duration.ofMinutes(14));
    life.asked();
    life.look();

    assertThat(life.expiring().orElseThrow().getReason()).isEqualTo("SuspendWhenIdle");
    life.pass(MINUTE);
    life.asked();
    assertThat(life.look().carriedOut()).isTrue();
  }

  private void warn() {
    life.says(NOTHING);
    while (life.expiring().isEmpty()) {
      life.look();
      life.pass(life.last.lookAgainIn().orElseThrow());
      life.asked();
    }
    life.look();
  }

  private Condition idle() {
    return life.condition(ConditionTypes.IDLE).orElseThrow();
  }
}
