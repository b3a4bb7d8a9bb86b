package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes and one lease: frozen, cut off, killed. Nobody writes without the lease. */
@Tag("faults")
@ResourceLock(ApiTestbed.PROFILE)
@ExtendWith(ApiTestbed.class)
class LeadershipTest {
  private Contest contest;

  @BeforeEach
  void setUp(Testbed testbed) {
    contest = new Contest(testbed);
  }

  @AfterEach
  void tearDown() {
    contest.close();
  }

  @Test
  @Tag("api")
  void aFrozenLeaderThatWakesUpWritesNothingBeforeItLeadsAgain() {
    Instance a = contest.start("a");
    contest.awaitLeading(a);
    Instance b = contest.start("b");
    contest.awaitContending(b, Instant.EPOCH);
    scale(1);
    contest.awaitWorkers(1);
    contest.settle();

    Instant frozen = Instant.now();
    a.freeze();
    scale(2);
    contest.awaitWorkers(2);
    contest.printTakeOver("a leader was frozen", frozen, b);
    contest.settle();

    // Nobody is there to do it when the old leader wakes up, but it must not be the one.
    b.freeze();
    scale(3);
    Instant thawed = Instant.now();
    a.thaw();
    contest.awaitContending(a, thawed);
    b.thaw();
    contest.awaitWorkers(3);
    assertThat(a.isAlive()).isTrue();
    assertThat(b.isAlive()).isTrue();

    boolean aLeads = contest.holder().filter(a.name()::equals).isPresent();
    Instance leader = aLeads ? a : b;
    Instance other = aLeads ? b : a;
    Instant killed = Instant.now();
    leader.kill();
    scale(4);
    contest.awaitWorkers(4);
    contest.printTakeOver("a leader was killed", killed, other);
    contest.assertNothingTwice(4);
    contest.assertNobodyWroteWithoutLease();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aLeaderThatIsFrozenAmidItsWritesDoesNoHarmWhenItWakesUp(long seed) {
    int workers = 50;
    Instance a = contest.start("a");
    contest.awaitLeading(a);
    Instance b = contest.start("b");
    contest.awaitContending(b, Instant.EPOCH);

    scale(workers);
    awaitPods(1 + new Random(seed).nextInt(workers));
    Instant frozen = Instant.now();
    a.freeze();
    Playground.await().until(() -> contest.audit(b).firstRenewal(frozen).isPresent());
    contest.printTakeOver("a busy leader was frozen", frozen, b);
    contest.awaitWorkers(workers);
    Instant thawed = Instant.now();
    a.thaw();
    contest.awaitContending(a, thawed);

    assertThat(a.isAlive()).isTrue();
    contest.assertNothingTwice(workers);
    contest.assertOnlyStragglers(a, thawed);
  }

  @Test
  void aLeaderThatIsCutOffLivesOnAndContendsAgain(Testbed testbed) {
    try (FaultLane lane = FaultProxy.of(testbed).lane()) {
      Instance a = contest.start("a", lane.through(contest.playground().operatorConfig()));
      contest.awaitLeading(a);
      Instance b = contest.start("b");
      contest.awaitContending(b, Instant.EPOCH);
      scale(1);
      contest.awaitWorkers(1);

      Instant cutOff = Instant.now();
      lane.cutOff();
      scale(2);
      contest.awaitWorkers(2);
      contest.printTakeOver("a leader was cut off", cutOff, b);
      Instant end = cutOff.plusSeconds(30);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> Instant.now().isAfter(end));
      assertThat(a.isAlive()).isTrue();

      Instant back = Instant.now();
      lane.accept();
      contest.awaitContending(a, back);
      Instant killed = Instant.now();
      b.kill();
      scale(3);
      contest.awaitWorkers(3);
      contest.printTakeOver("the leader was killed, by one that had been cut off", killed, a);
      assertThat(a.isAlive()).isTrue();
      contest.assertNothingTwice(3);
      contest.assertNobodyWroteWithoutLease();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void killsAtRandomMomentsOfACreationLoseNothingAndMakeNothingTwice(long seed) {
    int workers = 50;
    Random random = new Random(seed);
    Instance a = contest.start("a");
    contest.awaitLeading(a);
    Instance b = contest.start("b");
    contest.awaitContending(b, Instant.EPOCH);

    scale(workers);
    int pods = 0;
    for (int kill = 1; kill <= 3; kill++) {
      pods += 1 + random.nextInt(workers / 3);
      awaitPods(pods);
      boolean aLeads = contest.holder().filter(a.name()::equals).isPresent();
      boolean both = random.nextInt(3) == 0;
      // As a container that is started again in its pod, or as another pod.
      String suffix = random.nextBoolean() ? "" : "-" + kill;
      if (aLeads || both) {
        a.kill();
        a = contest.start(a.name() + suffix);
      }
      if (!aLeads || both) {
        b.kill();
        b = contest.start(b.name() + suffix);
      }
      System.out.printf("seed %d, kill %d at %d pods%s%n", seed, kill, pods, both ? ", both" : "");
    }

    contest.assertNothingTwice(workers);
    assertThat(a.isAlive()).isTrue();
    assertThat(b.isAlive()).isTrue();
    contest.assertNobodyWroteWithoutLease();
  }

  private void awaitPods(int pods) {
    Playground.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> contest.playground().pods().size() >= pods);
  }

  private void scale(int workers) {
    contest.playground().apply(Manifests.cluster("c", workers));
  }
}
