package dev.spray.operator.cluster;

import static dev.spray.operator.cluster.Lifetime.START;
import static dev.spray.operator.cluster.Lifetime.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.operator.Clusters;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster whose time to live ends; what every expiry has in common. */
class ExpiryDecisionTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Lifetime life = new Lifetime("{ttl: 14d}");

  @Test
  void aClusterWithoutALifecycleHasNone() {
    var plain = Clusters.named("demo").build();
    plain.getMetadata().setCreationTimestamp("2000-01-01T00:00:00Z");
    ObservedCluster observed = World.settled(plain).observed();

    assertThat(ExpiryDecision.decide(plain, observed, START, WARNING, WARNING))
        .isEqualTo(Expiry.NONE);
    var empty = Clusters.named("demo").with("platform: {}").build();
    assertThat(ExpiryDecision.decide(empty, observed, START, WARNING, WARNING))
        .isEqualTo(Expiry.NONE);
  }

  @Test
  void longBeforeItsEndNothingIsSaid() {
    Expiry expiry = life.look();

    assertThat(expiry.due()).isEmpty();
    assertThat(expiry.lookAgainIn()).contains(Duration.ofMinutes(10));
    assertThat(expiry.asksWhatRuns()).isFalse();
    assertThat(life.expiring()).isEmpty();
    assertThat(life.condition(ConditionTypes.IDLE)).isEmpty();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isNull();
    assertThat(life.events).isEmpty();
  }

  @Test
  void itsUsersAreWarnedAQuarterOfAnHourBefore() {
    at("2026-03-15T11:44:59Z");
    assertThat(life.look().lookAgainIn()).contains(SECOND);
    assertThat(life.expiring()).isEmpty();

    life.pass(SECOND);
    Expiry expiry = life.look();

    assertThat(expiry.carriedOut()).isFalse();
    assertThat(expiry.lookAgainIn()).as("to see it stand").contains(Duration.ofMillis(1));
    assertThat(warning().getReason()).isEqualTo("SuspendAfterTtl");
    assertThat(warning().getLastTransitionTime()).isEqualTo("2026-03-15T11:45:00Z");
    assertThat(warning().getMessage())
        .isEqualTo(
            "The cluster is going to be suspended, without its pods, at 2026-03-15T12:00:00Z at the"
                + " earliest: its ttl of 14d reaches until 2026-03-15T12:00:00Z. To keep it longer:"
                + " kubectl annotate raycluster demo -n playground --overwrite"
                + " sp-ray.dev/extend-until=2026-03-16T12:00:00Z");
    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-15T12:00:00Z");
    assertThat(life.events)
        .containsExactly(
            new EventNote(true, "RayClusterExpiring", "Expire", warning().getMessage()));
  }

  @Test
  void whenTheWarningHasStoodTheClusterIsSuspended() {
    warn();
    life.pass(WARNING.minus(SECOND));
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.last.lookAgainIn()).contains(SECOND);

    life.pass(SECOND);
    life.look();

    assertThat(life.deed())
        .hasValueSatisfying(action -> {
          assertThat(action).isInstanceOf(Action.SuspendCluster.class);
          assertThat(action.reason())
              .isEqualTo(
                  Reasons.suspendExpired(
                      "its ttl of 14d reaches until 2026-03-15T12:00:00Z, and its users have been"
                          + " warned since 2026-03-15T11:45:00Z"));
        });
    assertThat(life.events).as("one warning is one Event").hasSize(1);
  }

  @Test
  void orDeleted() {
    life.lifecycle("{ttl: 14d, onExpiry: Delete}");
    warn();
    assertThat(warning().getReason()).isEqualTo("DeleteAfterTtl");
    assertThat(warning().getMessage()).contains("deleted, with all that belongs to it, at");
    life.pass(WARNING);
    life.look();

    assertThat(life.deed())
        .hasValueSatisfying(action -> {
          assertThat(action).isEqualTo(new Action.DeleteCluster(life.cluster, action.reason()));
          assertThat(action.reason().done()).isEqualTo("DeletedExpiredRayCluster");
        });
  }

  /** The plan of a pass: the deed comes first, and the rest is for the case that it is refused. */
  @Test
  void theDeedIsTheFirstOfThePlan() {
    warn();
    life.pass(WARNING);
    Expiry expiry = life.look();
    var plan =
        ClusterDecision.decide(
            life.cluster,
            Revisions.of(life.cluster),
            new World().observed(),
            expiry,
            life.wall,
            World.SETTINGS);

    assertThat(plan.actions().getFirst()).isInstanceOf(Action.SuspendCluster.class);
    assertThat(plan.actions()).hasSizeGreaterThan(1);
  }

  @Test
  void aTimeShorterThanTheWarningIsMadeLongerByIt() {
    life.lifecycle("{ttl: 1s}");
    life.look();

    assertThat(life.cluster.getStatus().platform().expiresAt())
        .isEqualTo(Conditions.time(life.wall.plus(WARNING)));
    assertThat(life.run(100)).isPresent();
    assertThat(life.wall).isAfterOrEqualTo(START.plusSeconds(60).plus(WARNING));
  }

  @Test
  void aTimeThatIsShortenedDoesNotCutTheWarning() {
    at("2026-03-05T12:00:00Z");
    life.look();
    life.lifecycle("{ttl: 1d}");
    life.look();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-05T12:15:00Z");

    life.pass(WARNING.minus(SECOND));
    life.lifecycle("{ttl: 1s}");
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-05T12:15:00Z");
  }

  @Test
  void aClockThatIsSetForwardDoesNotCutTheWarning() {
    warn();
    life.set(Duration.ofDays(365));
    assertThat(life.look().carriedOut()).isFalse();
    life.pass(WARNING.minus(SECOND));
    assertThat(life.look().carriedOut()).isFalse();

    life.pass(SECOND);
    assertThat(life.look().carriedOut()).isTrue();
  }

  @Test
  void aClockThatIsSetForwardAndBackExpiresNothing() {
    life.look();
    life.set(DAY.multipliedBy(20));
    life.look();
    assertThat(life.expiring()).isPresent();

    life.pass(Duration.ofMinutes(14));
    life.set(DAY.multipliedBy(-20));
    life.look();

    assertThat(life.expiring()).isEmpty();
    assertThat(life.events)
        .extracting(EventNote::reason)
        .containsExactly("RayClusterExpiring", "RayClusterNotExpiring");
  }

  /** It was given by a clock that was ahead. */
  @Test
  void aWarningFromTheFutureIsGivenAnew() {
    life.set(DAY.multipliedBy(20));
    life.look();
    life.look();
    life.pass(WARNING);
    life.set(DAY.multipliedBy(-5));

    assertThat(life.look().carriedOut()).isFalse();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
    life.look();
    life.pass(WARNING.minus(SECOND));
    assertThat(life.look().carriedOut()).isFalse();
    life.pass(SECOND);
    assertThat(life.look().carriedOut()).isTrue();
  }

  /** The time before may be a clock's that was set meanwhile. */
  @Test
  void aNewProcessHasToSeeTheWarningStandItself() {
    warn();
    life.pass(WARNING.minus(SECOND));
    life.look();
    life.restart();
    life.pass(DAY);
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.last.lookAgainIn()).contains(Duration.ofMinutes(10));
    life.pass(WARNING.minus(SECOND));
    assertThat(life.look().carriedOut()).isFalse();

    life.pass(SECOND);
    assertThat(life.look().carriedOut()).isTrue();
    assertThat(warning().getLastTransitionTime()).isEqualTo("2026-03-15T11:45:00Z");
  }

  /** A pass whose status never reached the API server has warned nobody. */
  @Test
  void aWarningThatWasNotWrittenDoesNotStand() {
    at("2026-03-15T11:45:00Z");
    life.decide();
    life.pass(WARNING);
    assertThat(life.decide().carriedOut()).isFalse();
    life.pass(WARNING);
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(life.run(10)).isPresent();
  }

  @Test
  void anExtensionPutsItOff() {
    warn();
    life.pass(Duration.ofMinutes(10));
    life.extend("2026-03-16T12:00:00Z");
    life.look();
    assertThat(life.expiring()).isEmpty();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isNull();
    assertThat(life.events.getLast())
        .isEqualTo(
            new EventNote(
                false,
                "RayClusterNotExpiring",
                "Expire",
                "the cluster stays: what it was going to be suspended or deleted for is over"));

    assertThat(life.run(1000)).isPresent();
    assertThat(life.wall).isAfterOrEqualTo(Instant.parse("2026-03-16T12:00:00Z"));
    assertThat(life.events).hasSize(3);
    assertThat(warning().getLastTransitionTime()).isEqualTo("2026-03-16T11:45:00Z");
  }

  @Test
  void aShortExtensionMovesTheTimeThatIsNamed() {
    warn();
    life.pass(Duration.ofMinutes(10));
    life.extend("2026-03-15T12:05:00.5Z");
    life.look();

    assertThat(warning().getLastTransitionTime()).isEqualTo("2026-03-15T11:45:00Z");
    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-15T12:05:01Z");
    assertThat(life.events).hasSize(1);

    life.extend(null);
    life.look();
    assertThat(life.cluster.getStatus().platform().expiresAt())
        .as("a time that was named is kept")
        .isEqualTo("2026-03-15T12:05:01Z");
  }

  @Test
  void anExtensionThatIsOverExtendsNothing() {
    life.extend("2026-03-02T12:00:00Z");
    warn();

    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-15T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tomorrow", "2026-03-16"})
  void anExtensionThatCannotBeReadLetsNothingExpire(String text) {
    warn();
    life.extend(text);
    life.pass(DAY);
    life.look();

    assertThat(life.last.due()).isEmpty();
    assertThat(life.expiring()).isEmpty();
    assertThat(Warnings.of(life.cluster, new World().observed()))
        .singleElement()
        .asString()
        .startsWith("annotation sp-ray.dev/extend-until: \"" + text + "\" is no time");

    life.extend(null);
    life.look();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  /** Such a spec is refused as a whole; and should it ever come this far, it means nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ttl: soon}",
        "{ttl: \"\"}",
        "{ttl: 14d, idleTimeout: soon}",
        "{ttl: 14d, onExpiry: Vanish}"
      })
  void aLifecycleThatCannotBeReadLetsNothingExpire(String lifecycle) {
    warn();
    life.lifecycle(lifecycle);
    life.pass(DAY);
    life.look();

    assertThat(life.last.due()).isEmpty();
    assertThat(ClusterProblems.of(life.cluster)).isNotEmpty();
  }

  @Test
  void aClusterWithoutAReadableBirthdayDoesNotExpire() {
    life.cluster.getMetadata().setCreationTimestamp(null);
    life.pass(DAY.multipliedBy(1000));
    assertThat(life.look().due()).isEmpty();
    life.cluster.getMetadata().setCreationTimestamp("long ago");
    assertThat(life.look().due()).isEmpty();
  }

  @Test
  void toDeleteItNeedsAnotherWarningThanToSuspendIt() {
    warn();
    life.pass(WARNING);
    life.lifecycle("{ttl: 14d, onExpiry: Delete}");
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(warning().getReason()).isEqualTo("DeleteAfterTtl");
    assertThat(warning().getLastTransitionTime()).isEqualTo("2026-03-15T12:00:00Z");
    assertThat(life.events).hasSize(2);

    life.pass(WARNING.minus(SECOND));
    life.look();
    life.pass(SECOND);
    assertThat(life.look().carriedOut()).as("seen first when a second was left").isFalse();
    assertThat(life.run(10)).containsInstanceOf(Action.DeleteCluster.class);
  }

  @Test
  void backAndForthNeedsAnotherWarningEachTime() {
    warn();
    life.pass(Duration.ofMinutes(14));
    life.lifecycle("{ttl: 14d, onExpiry: Delete}");
    life.look();
    life.lifecycle("{ttl: 14d, onExpiry: Suspend}");
    life.pass(Duration.ofMinutes(2));

    assertThat(life.look().carriedOut()).isFalse();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  @Test
  void aSuspendedClusterIsNotSuspendedAgain() {
    warn();
    life.suspended(true);
    life.pass(WARNING);
    Expiry expiry = life.look();

    assertThat(expiry).isEqualTo(Expiry.NONE);
    assertThat(life.expiring()).isEmpty();
    assertThat(life.events).as("its warning has come true").hasSize(1);
  }

  @Test
  void aSuspendedClusterIsDeletedAtItsEnd() {
    life.lifecycle("{ttl: 14d, onExpiry: Delete}");
    life.suspended(true);
    warn();
    assertThat(warning().getReason()).isEqualTo("DeleteAfterTtl");

    assertThat(life.run(10)).containsInstanceOf(Action.DeleteCluster.class);
  }

  @Test
  void aClusterThatIsResumedAfterItsEndIsWarnedAgain() {
    warn();
    life.suspended(true);
    life.pass(DAY);
    life.look();
    life.suspended(false);
    life.look();

    assertThat(life.last.carriedOut()).isFalse();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  @Test
  void aClusterThatIsOnItsWayOutDoesNotExpire() {
    warn();
    life.pass(WARNING);
    life.cluster.getMetadata().setDeletionTimestamp(life.wall.toString());

    assertThat(life.decide()).isEqualTo(Expiry.NONE);
  }

  @Test
  void aClusterWhoseSpecCannotBeCarriedOutIsNotWarned() {
    warn();
    life.lookStalled();
    assertThat(life.expiring()).isEmpty();
    assertThat(life.events.getLast().reason()).isEqualTo("RayClusterNotExpiring");
    assertThat(life.cluster.getStatus().platform().expiresAt()).isNull();

    life.pass(DAY);
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  @Test
  void aWarningWhoseTimesAreSpoiltIsGivenAnew() {
    warn();
    life.pass(WARNING);
    life.cluster.setStatus(
        life.cluster
            .getStatus()
            .withConditions(
                Conditions.of(life.cluster).stream()
                    .peek(condition -> condition.setLastTransitionTime("yesterday"))
                    .toList()));
    assertThat(life.look().carriedOut()).isFalse();
    assertThat(warning().getLastTransitionTime()).isEqualTo(Conditions.time(life.wall));
  }

  @Test
  void aLongerWarningHoldsAtOnceAndAShorterOneBreaksNoWord() {
    warn();
    life.warning = Duration.ofHours(1);
    life.look();
    assertThat(life.cluster.getStatus().platform().expiresAt()).isEqualTo("2026-03-15T12:45:00Z");

    life.warning = SECOND;
    life.pass(Duration.ofMinutes(59));
    assertThat(life.look().carriedOut()).isFalse();
    life.pass(Duration.ofMinutes(1));
    assertThat(life.look().carriedOut()).isTrue();
  }

  @Test
  void timesFarAwayBreakNothing() {
    life.lifecycle("{ttl: 99999d, idleTimeout: 99999d}");
    life.extend("9999-12-31T23:59:59Z");

    assertThat(life.look().lookAgainIn()).contains(Duration.ofMinutes(5));
  }

  private void at(String time) {
    life.pass(Duration.between(life.wall, Instant.parse(time)));
  }

  /** A warning that this process has seen. */
  private void warn() {
    at("2026-03-15T11:45:00Z");
    life.look();
    life.look();
    assertThat(life.expiring()).isPresent();
  }

  private Condition warning() {
    Condition found = life.expiring().orElseThrow();
    assertThat(found.getStatus()).isEqualTo("True");
    return found;
  }
}
