package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.pods.RedisCleanup;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisCleanupDecisionTest {
  private static final ClusterSettings OFF =
      new ClusterSettings(
          Pods.SETTINGS, new ChildSettings(false, false), false, BatchScheduler.NONE);

  private Map<String, String> annotations = Map.of();
  private final World world = new World();

  @Test
  void theFinalizerComesBeforeEverythingElse() {
    Plan plan = world.decide(cluster());

    assertThat(plan.actions().getFirst())
        .isInstanceOfSatisfying(
            Action.AddFinalizer.class,
            add -> assertThat(add.finalizer()).isEqualTo(RayLabels.REDIS_FINALIZER));
    assertThat(plan.actions().getLast()).isInstanceOf(Action.CreatePod.class);
  }

  @Test
  void theFinalizerHasNoEventOfItsOwn() {
    Action add = world.decide(cluster()).actions().getFirst();

    assertThat(ClusterEvents.of(List.of(Outcome.done(add)), List.of())).isEmpty();
  }

  @Test
  void itIsAddedOnce() {
    RayCluster cluster = cluster();
    cluster.getMetadata().setFinalizers(List.of("example.com/other", RayLabels.REDIS_FINALIZER));

    assertThat(world.decide(cluster).actions()).noneMatch(Action.AddFinalizer.class::isInstance);
  }

  @Test
  void theOlderAnnotationAsksForItToo() {
    annotations = Map.of(RayLabels.FT_ENABLED, "TRUE");

    assertThat(world.decide(Clusters.named("demo").annotations(annotations).build()).actions())
        .anyMatch(Action.AddFinalizer.class::isInstance);
  }

  @Test
  void noClusterGetsItThatHasNothingInRedis() {
    RayCluster plain = Clusters.named("demo").build();
    RayCluster embedded =
        Clusters.named("demo").with("gcsFaultToleranceOptions: {backend: rocksdb}").build();

    assertThat(world.decide(plain).actions()).noneMatch(Action.AddFinalizer.class::isInstance);
    assertThat(world.decide(embedded).actions()).noneMatch(Action.AddFinalizer.class::isInstance);
  }

  /** As in KubeRay's sample of a Redis beside the head. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:6380",
        "localhost",
        "redis://127.0.0.1:6379",
        "rediss://ray:s@localhost:1/0"
      })
  void noClusterGetsItWhoseRedisGoesWithTheHead(String address) {
    RayCluster byOptions =
        Clusters.named("demo")
            .with("gcsFaultToleranceOptions: {redisAddress: \"%s\"}".formatted(address))
            .build();
    RayCluster byAnnotation =
        Clusters.named("demo")
            .annotations(Map.of(RayLabels.FT_ENABLED, "true"))
            .head(ray -> ray.addNewEnv().withName("RAY_REDIS_ADDRESS").withValue(address).endEnv())
            .build();

    for (RayCluster cluster : List.of(byOptions, byAnnotation)) {
      assertThat(world.decide(cluster).actions()).noneMatch(Action.AddFinalizer.class::isInstance);
    }
  }

  @Test
  void noClusterGetsItWhereItIsSwitchedOff() {
    Plan plan = World.decide(cluster(), world.observed(), World.START, OFF);

    assertThat(plan.actions()).noneMatch(Action.AddFinalizer.class::isInstance);
  }

  @Test
  void thePodsGoThenTheJobComesThenTheFinalizerGoes() {
    RayCluster cluster = deleted();
    world.carryOut(world.decide(Clusters.named("demo").group("small", 2).build()));

    Plan first = decide(cluster);
    assertThat(first.actions()).hasSize(3).allMatch(Action.DeletePod.class::isInstance);
    world.carryOut(first);
    assertThat(decide(cluster).actions()).as("while the head ends").isEmpty();

    world.remove("demo-head");
    Plan second = decide(cluster);
    assertThat(second.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Create.class,
            create ->
                assertThat(create.object().getMetadata().getName())
                    .isEqualTo("demo-redis-cleanup"));
    world.carryOut(second);
    assertThat(decide(cluster).actions()).as("while the Job runs").isEmpty();

    job("Complete", "");
    assertThat(events(decide(cluster)))
        .containsExactly(
            new EventNote(
                false,
                "CleanedUpRedis",
                "Cleanup",
                RayLabels.REDIS_FINALIZER + ": its state in Redis is removed"));
  }

  @Test
  void aSuspendedClusterHasStateToo() {
    assertThat(decide(deleted()).actions()).singleElement().isInstanceOf(Action.Create.class);
  }

  /** Somebody should know: it is not tried for ever. */
  @Test
  void aJobThatFailedIsTold() {
    job("Failed", "Job has reached the specified backoff limit");

    assertThat(events(decide(deleted())))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.warning()).isTrue();
          assertThat(event.reason()).isEqualTo("FailedToCleanUpRedis");
          assertThat(event.note())
              .contains("reached the specified backoff limit", Clusters.UID, "by hand");
        });
  }

  /** What it removed might have been written again. */
  @Test
  void aHeadThatIsStillThereIsWaitedForWhateverTheJobSays() {
    world.carryOut(world.decide(Clusters.named("demo").build()));
    world.carryOut(decide(deleted()));
    job("Complete", "");

    assertThat(decide(deleted()).actions()).isEmpty();
  }

  @Test
  void aHeadWhoseNodeIsGoneIsRemovedByForce() {
    world.carryOut(world.decide(Clusters.named("demo").build()));
    world.change("demo-head", pod -> pod.edit().editSpec().withNodeName("n").endSpec().build());
    world.carryOut(decide(deleted()));
    world.goneNodes.add("n");
    world.now = world.now.plus(Duration.ofMinutes(2));

    assertThat(decide(deleted()).actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.DeletePod.class, delete -> assertThat(delete.grace()).contains(Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource({"'',300", "60,60", "soon,300", "-1,300", "1,1"})
  void whatTakesTooLongIsLetGo(String annotation, int seconds) {
    annotations = Map.of(RayLabels.FT_DELETION_TIMEOUT, annotation);
    world.carryOut(decide(deleted()));

    world.now = World.START.plusSeconds(seconds - 1);
    assertThat(decide(deleted()).actions()).isEmpty();

    world.now = World.START.plusSeconds(seconds);
    assertThat(events(decide(deleted())))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.warning()).isTrue();
          assertThat(event.reason()).isEqualTo("ForceDeletedStuckCluster");
          assertThat(event.note()).contains("within " + seconds + " s");
        });
  }

  @Test
  void aClusterIsNotHeldForWhatCanNotBeDone() {
    RayCluster withoutSpec = deleted();
    withoutSpec.setSpec(null);
    RayCluster withoutOptions = deleted();
    withoutOptions.setSpec(Clusters.named("demo").build().getSpec());

    for (Plan plan :
        List.of(
            decide(withoutSpec),
            decide(withoutOptions),
            DeletionDecision.decide(deleted(), world.observed(), World.START, OFF))) {
      assertThat(events(plan))
          .singleElement()
          .satisfies(event -> assertThat(event.reason()).isEqualTo("FailedToCleanUpRedis"));
    }
  }

  private Plan decide(RayCluster cluster) {
    return DeletionDecision.decide(cluster, world.observed(), world.now, World.SETTINGS);
  }

  private static List<EventNote> events(Plan plan) {
    return ClusterEvents.of(plan.actions().stream().map(Outcome::done).toList(), List.of());
  }

  private void job(String condition, String message) {
    world.child(
        new JobBuilder(RedisCleanup.job(cluster(), Pods.SETTINGS))
            .withNewStatus()
            .addNewCondition()
            .withType(condition)
            .withStatus("True")
            .withMessage(message)
            .endCondition()
            .endStatus()
            .build());
  }

  private RayCluster cluster() {
    return Clusters.named("demo")
        .annotations(annotations)
        .with("gcsFaultToleranceOptions: {redisAddress: \"redis:6379\"}")
        .build();
  }

  private RayCluster deleted() {
    RayCluster cluster = cluster();
    cluster.getMetadata().setFinalizers(List.of(RayLabels.REDIS_FINALIZER));
    cluster.getMetadata().setDeletionTimestamp(World.START.toString());
    return cluster;
  }
}
