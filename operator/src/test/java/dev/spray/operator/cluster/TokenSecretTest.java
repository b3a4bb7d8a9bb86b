package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.SecretKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
  private static final String MODE = "authOptions: {mode: token}";
  private static final String GIVEN = "authOptions: {mode: token, secretName: mine}";

  @Test
  void theSecretIsMadeBeforeTheFirstPod() {
    RayCluster cluster = cluster(MODE, 1);
    List<Action> actions = new World().decide(cluster).actions();

    assertThat(actions.get(1))
        .isInstanceOfSatisfying(
            Action.MakeSecret.class,
            make -> {
              assertThat(make.kind()).isEqualTo(SecretKind.TOKEN);
              assertThat(make.secret().getMetadata().getName()).isEqualTo("demo");
              assertThat(make.secret().getData()).isNullOrEmpty();
              assertThat(make.reason().failed()).isEqualTo("FailedToCreateAuthSecret");
            });
    assertThat(actions).hasSize(4);
    assertThat(actions.subList(2, 4)).allMatch(Action.CreatePod.class::isInstance);
    assertThat(World.settled(cluster).decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  /** A token that the running head doesn't know would shut its new workers out. */
  @Test
  void isNotMadeAsLongAsThereIsAHead() {
    World world = World.settled(cluster(MODE, 1));

    assertThat(world.decide(cluster(MODE, 2)).actions())
        .first()
        .isInstanceOfSatisfying(
            Action.RequireSecret.class,
            require -> {
              assertThat(require.kind()).isEqualTo(SecretKind.TOKEN);
              assertThat(require.namespace()).isEqualTo(Clusters.NAMESPACE);
              assertThat(require.name()).isEqualTo("demo");
              assertThat(require.remedy()).contains("put it back");
            });
  }

  @Test
  void aHeadThatIsMadeAnewGetsOneIfTheSecretIsGoneToo() {
    RayCluster cluster = cluster(MODE, 1);
    World world = World.settled(cluster);
    world.remove("demo-head");

    assertThat(world.decide(cluster).actions()).first().isInstanceOf(Action.MakeSecret.class);
  }

  @Test
  void oneThatTheUserNamesIsOnlyLookedFor() {
    RayCluster cluster = cluster(GIVEN, 1);
    List<Action> actions = new World().decide(cluster).actions();

    assertThat(actions).noneMatch(Action.MakeSecret.class::isInstance);
    assertThat(actions.get(1))
        .isInstanceOfSatisfying(
            Action.RequireSecret.class,
            require -> {
              assertThat(require.kind()).isEqualTo(SecretKind.TOKEN);
              assertThat(require.name()).isEqualTo("mine");
              assertThat(require.remedy())
                  .contains("make it", "remove spec.authOptions.secretName");
              assertThat(require.reason().failed()).isEqualTo("FailedToFindAuthSecret");
            });
    assertThat(World.settled(cluster).decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {MODE, GIVEN})
  void nothingIsLookedForWhenNoPodIsMade(String options) {
    RayCluster cluster = cluster(options, 3);
    World world = World.settled(cluster);
    world.change("demo-head", Pods::runningButNotReady);

    assertThat(world.decide(cluster(options, 1)).actions())
        .noneMatch(TokenSecretTest::isAboutTokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authOptions: {}",
        "authOptions: {mode: disabled}",
        "authOptions: {mode: token, enableK8sTokenAuth: true}"
      })
  void noneIsNeededWhereNoneIsAskedForOrKubernetesMakesIt(String options) {
    assertThat(new World().decide(cluster(options, 1)).actions())
        .isNotEmpty()
        .noneMatch(TokenSecretTest::isAboutTokens);
  }

  private static boolean isAboutTokens(Action action) {
    return action instanceof Action.MakeSecret || action instanceof Action.RequireSecret;
  }

  private static RayCluster cluster(String options, int workers) {
    return Clusters.named("demo").with(options).group("small", workers).build();
  }
}
