package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.SecretKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthoritySecretTest {
  private static final String SECRET = "demo-ca-secret-" + Clusters.UID.substring(0, 8);

  private final World world = new World();

  @Test
  void itIsMadeBeforeTheFirstPod() {
    List<Action> actions = world.decide(encrypted(2)).actions();

    int made = indexOf(actions, Action.MakeSecret.class);
    assertThat(actions.subList(0, made)).hasOnlyElementsOfType(Action.Apply.class);
    assertThat(actions.subList(made + 1, actions.size()))
        .hasSize(3)
        .hasOnlyElementsOfType(Action.CreatePod.class);
    var make = (Action.MakeSecret) actions.get(made);
    assertThat(make.kind()).isEqualTo(SecretKind.AUTHORITY);
    var secret = make.secret();
    assertThat(secret.getMetadata().getName()).isEqualTo(SECRET);
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(Clusters.UID));
    assertThat(secret.getData()).isNullOrEmpty();
  }

  @Test
  void aSettledClusterDoesNotLookForIt() {
    RayCluster cluster = encrypted(2);

    assertThat(World.settled(cluster).decide(cluster).actions()).isEmpty();
  }

  /** Those that run trust no other. */
  @Test
  void nobodyMakesAnotherOneAsLongAsPodsRun() {
    World settled = World.settled(encrypted(2));

    Plan plan = settled.decide(encrypted(3));

    assertThat(plan.actions())
        .hasExactlyElementsOfTypes(Action.RequireSecret.class, Action.CreatePod.class);
    var require = (Action.RequireSecret) plan.actions().getFirst();
    assertThat(require.kind()).isEqualTo(SecretKind.AUTHORITY);
    assertThat(require.name()).isEqualTo(SECRET);
    assertThat(require.remedy()).contains("put it back, or suspend the cluster and resume it");
  }

  @Test
  void whereAllPodsHaveFailedTheNewOnesMayHaveAnotherOne() {
    RayCluster cluster = encrypted(1);
    World settled = World.settled(cluster);
    settled.names().forEach(name -> settled.change(name, Pods::failed));

    // The head's successor waits until it is gone; the worker's doesn't.
    assertThat(settled.decide(cluster).actions())
        .hasAtLeastOneElementOfType(Action.MakeSecret.class);
  }

  @Test
  void oneThatIsGivenIsNeverMade() {
    RayCluster cluster =
        Clusters.named("demo")
            .annotations(Map.of(RayLabels.CERTIFICATE_AUTHORITY, "ours"))
            .with("tlsOptions: {enabled: true}")
            .build();

    assertThat(world.decide(cluster).actions())
        .filteredOn(Action.RequireSecret.class::isInstance)
        .singleElement()
        .satisfies(action -> assertThat(((Action.RequireSecret) action).name()).isEqualTo("ours"));
    assertThat(world.decide(cluster).actions()).noneMatch(Action.MakeSecret.class::isInstance);
  }

  @Test
  void withoutEncryptionThereIsNone() {
    assertThat(world.decide(Clusters.named("demo").group("small", 2).build()).actions())
        .noneMatch(Action.MakeSecret.class::isInstance)
        .noneMatch(Action.RequireSecret.class::isInstance);
  }

  /** It would be told with each pod that is created. */
  @Test
  void anEventTellsThatItWasMadeButNotThatItIsThere() {
    List<Action> creation = world.decide(encrypted(1)).actions();
    Action made = creation.get(indexOf(creation, Action.MakeSecret.class));
    World settled = World.settled(encrypted(1));
    Action there = settled.decide(encrypted(2)).actions().getFirst();

    assertThat(ClusterEvents.of(List.of(Outcome.done(made)), List.of()))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.reason()).isEqualTo("MTLSPKIReady");
          assertThat(event.note()).contains(SECRET);
        });
    assertThat(ClusterEvents.of(List.of(Outcome.done(there)), List.of())).isEmpty();
    Outcome failed =
        Outcome.failed(there, new Outcome.Failure(Outcome.Kind.REFUSED, "there is none"));
    assertThat(ClusterEvents.of(List.of(failed), List.of()))
        .singleElement()
        .satisfies(event -> assertThat(event.reason()).isEqualTo("MTLSFailedToReconcile"));
  }

  private static RayCluster encrypted(int workers) {
    return Clusters.named("demo")
        .group("small", workers)
        .with("tlsOptions: {enabled: true}")
        .build();
  }

  private static int indexOf(List<Action> actions, Class<? extends Action> kind) {
    for (int i = 0; i < actions.size(); i++) {
      if (kind.isInstance(actions.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " in " + actions);
  }
}
