package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What the operator sees is late, wrong for a while, or has holes. */
@Tag("faults")
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class StaleCachesTest {
  private static final Duration LATE = Duration.ofSeconds(2);
  private static final FaultRule GONE =
      FaultRule.of("gone", FaultMatch.events("pods"), FaultAction.gone());
  private static final FaultRule HIDDEN =
      FaultRule.of("hidden", FaultMatch.events("pods"), FaultAction.holdEvents());
  private static final FaultRule UNTOLD =
      FaultRule.of("untold", FaultMatch.events("pods").type("DELETED"), FaultAction.dropEvents());

  private KubernetesClient admin;
  private Chronicle chronicle;
  private FaultRun runs;

  @BeforeEach
  void setUp(Testbed testbed) {
    admin = testbed.client();
    chronicle = new Chronicle(admin);
    runs = new FaultRun(testbed, FaultProxy.of(testbed), chronicle);
  }

  @AfterEach
  void tearDown() {
    chronicle.close();
    admin.close();
  }

  @Test
  @Tag("sim")
  void withEverythingSeenTwoSecondsLateNothingIsDoneTwice() {
    SideBySide all = new SideBySide();
    for (String name :
        new String[] {"create", "scale up", "scale down", "workersToDelete", "pod lost"}) {
      all.add(
          name,
          () -> {
            FaultReport report =
                runs.run(
                    MoreScenarios.named(name),
                    Trouble.of(
                        late("pods"), late("services").optional(), late("rayclusters").optional()));
            assertThat(report.log())
                .as("creates that found their pod there already")
                .noneMatch(write -> write.verb().equals("create") && write.code() == 409);
          });
    }
    all.run();
  }

  @Test
  void whatAHeldWatchHidIsFoundWhenItBreaksOrExpires() {
    new SideBySide()
        .add("scaled up, then down; broken", () -> upAndDown(stage -> stage.lane().cut()))
        .add("scaled up, then down; expired", () -> upAndDown(StaleCachesTest::expire))
        .add("scaled down, then up; broken", () -> downAndUp(stage -> stage.lane().cut()))
        .add("scaled down, then up; expired", () -> downAndUp(StaleCachesTest::expire))
        .run();
  }

  /** The new workers' versions have moved on unseen: none may be deleted before they are seen. */
  private void upAndDown(Consumer<FaultRun.Stage> reveal) {
    runs.run(
        MoreScenarios.resized(5, 6, 4, 1),
        Trouble.of(HIDDEN)
            .meanwhile(stage -> {
              stage.lane().awaitFired(HIDDEN.name());
              stage.awaitPodsCreated(6);
              stage.playground().apply(Manifests.cluster("c", 1));
              stage.awaitConflict("delete", "pods");
              stage.lane().rules();
              reveal.accept(stage);
            }));
  }

  private void downAndUp(Consumer<FaultRun.Stage> reveal) {
    runs.run(
        MoreScenarios.resized(1, 6, 2, 3),
        Trouble.of(HIDDEN)
            .meanwhile(stage -> {
              stage.lane().awaitFired(HIDDEN.name());
              stage.awaitDeleted(2);
              stage.playground().apply(Manifests.cluster("c", 3));
              stage.awaitPodsCreated(6);
              stage.lane().rules();
              reveal.accept(stage);
            }));
  }

  private static void expire(FaultRun.Stage stage) {
    stage.lane().rules(GONE);
    stage.lane().awaitFired(GONE.name());
  }

  /** Hidden for longer than own writes are remembered: the second create finds the first's pod. */
  @Test
  void ownWritesThatTheWatchNeverShowsAreRepeatedWithoutHarm() {
    new SideBySide()
        .add(
            "scale up",
            () ->
                runs.run(
                    MoreScenarios.named("scale up"),
                    Trouble.of(HIDDEN)
                        .meanwhile(stage -> {
                          stage.awaitConflict("create", "pods");
                          stage.lane().rules();
                          stage.lane().cut();
                        })))
        .run();
  }

  @Test
  void deletionsThatWereNeverToldAreFoundByAListing() {
    new SideBySide()
        .add("pod lost", () -> untold(MoreScenarios.named("pod lost")))
        .add("head lost", () -> untold(MoreScenarios.headLost()))
        .add("scale down", () -> untold(MoreScenarios.named("scale down")))
        .add(
            "scaled down, then up",
            () ->
                runs.run(
                    MoreScenarios.resized(1, 6, 2, 3),
                    Trouble.of(UNTOLD)
                        .meanwhile(stage -> {
                          stage.lane().awaitFired(UNTOLD.name(), 2);
                          stage.playground().apply(Manifests.cluster("c", 3));
                          // Next to pods that are gone, but not for the operator.
                          stage.awaitPodsCreated(6);
                          expire(stage);
                        })))
        .run();
  }

  /** The garbage collector takes its pods, and the operator hears of their end first. */
  @Test
  void aClusterWhoseEndIsHeardLateGetsNoPodsAgain() {
    FaultRule late =
        FaultRule.of("late", FaultMatch.events("rayclusters"), FaultAction.holdEvents());
    runs.run(
        Scenario.deletion(),
        Trouble.of(late)
            .meanwhile(stage -> {
              stage.lane().awaitFired(late.name());
              stage.awaitDeleted(Scenario.deletion().end().deleted());
              stage.lane().rules();
            }));
  }

  private void untold(Scenario scenario) {
    runs.run(
        scenario,
        Trouble.of(UNTOLD)
            .meanwhile(stage -> {
              stage.lane().awaitFired(UNTOLD.name());
              expire(stage);
            }));
  }

  @Test
  void aCreationOfTwentyWorkersSurvivesTheLossOfItsWatches() {
    FaultReport report =
        runs.run(
            MoreScenarios.creationOf(20),
            Trouble.of(
                broken("pods", 2),
                broken("pods", 9),
                broken("pods", 17),
                broken("pods", 31),
                broken("services", 1),
                broken("rayclusters", 1)));
    assertThat(report.requests("watch", "pods")).isGreaterThanOrEqualTo(5);
  }

  /** Twice in a row, for all that is watched: what the watches missed is in the second listing. */
  @Test
  void watchesWhoseVersionsWereCompactedAwayListAgain() {
    SideBySide all = new SideBySide();
    for (String name : new String[] {"create", "scale up", "scale down", "pod lost"}) {
      all.add(
          name,
          () -> {
            FaultReport report =
                runs.run(
                    MoreScenarios.named(name),
                    Trouble.of(expired("pods"), expired("services"), expired("rayclusters")));
            assertThat(report.requests("list", "pods")).as("lists of pods").isGreaterThan(2);
          });
    }
    all.run();
  }

  @Test
  void aWatchThatIsRefusedAsExpiredIsOpenedAllTheSame() {
    FaultMatch watches = FaultMatch.requests("watch", null).times(3);
    FaultRule refused =
        FaultRule.of("refused", watches, FaultRule.Phase.BEFORE, FaultAction.respond(410));
    SideBySide all = new SideBySide();
    for (String name : new String[] {"create", "scale down"}) {
      all.add(
          name, () -> runs.run(MoreScenarios.named(name), Trouble.of(broken("pods", 1), refused)));
    }
    all.run();
  }

  private static FaultRule expired(String resource) {
    return FaultRule.of(
        "expired " + resource, FaultMatch.events(resource).times(2), FaultAction.gone());
  }

  private static FaultRule late(String resource) {
    return FaultRule.of(
        "late " + resource, FaultMatch.events(resource), FaultAction.delayEvents(LATE));
  }

  private static FaultRule broken(String resource, int nth) {
    return FaultRule.of(
        "broken " + resource + " " + nth,
        FaultMatch.events(resource).nth(nth),
        FaultAction.breakWatch());
  }
}
