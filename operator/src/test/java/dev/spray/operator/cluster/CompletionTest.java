package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a short spec is completed, and what becomes of what others have made of it. */
class CompletionTest {
  private static final PlatformInForce GKE =
      PlatformInForce.of(ConfigurationFile.shipped(ConfigurationFile.GKE));
  private static final PlatformInForce SMALL =
      PlatformInForce.of(ConfigurationFile.shipped(ConfigurationFile.SMALL));

  private static final String TWO_GROUPS =
      """
      platform:
        serviceAccountName: ray
        groups:
        - {groupName: a, replicas: 1, accelerator: {type: t4}}
        - {groupName: b, replicas: 2}
      """;

  @Test
  void aPlainSpecIsLeftAlone() {
    assertThat(Completion.of(shortSpec("rayVersion: 2.60.0"), GKE))
        .isEqualTo(new Completion.Nothing());
  }

  @Test
  void aShortOneIsCompletedOnce() {
    RayCluster cluster = shortSpec(TWO_GROUPS);

    Completion.Needed needed = needed(Completion.of(cluster, GKE));
    assertThat(needed.again()).isFalse();
    assertThat(needed.fields().getSpec().platform()).as("that is the user's").isNull();
    assertThat(needed.fields().getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(needed.fields().getMetadata().getUid()).isEqualTo("uid");
    assertThat(ClusterProblems.of(needed.completed())).isEmpty();
    assertThat(
            needed
                .completed()
                .getSpec()
                .headGroupSpec()
                .template()
                .getSpec()
                .getServiceAccountName())
        .isEqualTo("ray");

    RayCluster stored = stored(needed);
    assertThat(Completion.of(stored, GKE)).isEqualTo(new Completion.Nothing());
    assertThat(Completion.of(stored, SMALL))
        .as("another configuration changes no cluster that is there")
        .isEqualTo(new Completion.Nothing());
  }

  @Test
  void whoDropsThePlatformKeepsAPlainCluster() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster dropped =
        edited(stored, json -> json.replaceFirst("\"platform\":\\{.*?\\]\\},", ""));
    assertThat(dropped.getSpec().platform()).isNull();

    assertThat(Completion.of(dropped, GKE)).isEqualTo(new Completion.Nothing());
  }

  @Test
  void aChangeOfThePlatformKeepsWhatWasScaledSince() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster scaled =
        edited(stored, json -> json.replace("\"replicas\":2,\"minR", "\"replicas\":9,\"minR"));
    assertThat(group(scaled, "b").replicas()).isEqualTo(9);
    RayCluster changed = edited(scaled, json -> json.replace("\"type\":\"t4\"", "\"type\":\"l4\""));

    Completion.Needed needed = needed(Completion.of(changed, GKE));

    assertThat(needed.again()).isTrue();
    assertThat(group(needed.completed(), "a").template().getSpec().getNodeSelector())
        .containsEntry("cloud.google.com/gke-accelerator", "nvidia-l4");
    assertThat(group(needed.completed(), "b").replicas()).as("scaled").isEqualTo(9);
    assertThat(needed.groupsGone()).isEmpty();
  }

  @Test
  void aNumberThatChangesInThePlatformCounts() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster scaled =
        edited(stored, json -> json.replace("\"replicas\":2,\"minR", "\"replicas\":9,\"minR"));
    RayCluster changed =
        edited(
            scaled,
            json ->
                json.replace(
                    "\"groupName\":\"b\",\"replicas\":2}", "\"groupName\":\"b\",\"replicas\":4}"));

    Completion.Needed needed = needed(Completion.of(changed, GKE));

    assertThat(group(needed.completed(), "b").replicas()).isEqualTo(4);
    assertThat(group(needed.completed(), "a").replicas()).isEqualTo(1);
    RayCluster again = stored(needed);
    RayCluster other = edited(again, json -> json.replace("\"type\":\"t4\"", "\"type\":\"l4\""));
    assertThat(group(needed(Completion.of(other, GKE)).completed(), "b").replicas()).isEqualTo(4);
  }

  @Test
  void aNewUpperBoundHoldsAgainstAnOlderLowerOne() {
    RayCluster stored =
        stored(
            needed(
                Completion.of(
                    shortSpec(
                        "platform: {groups: [{groupName: a, minReplicas: 1, maxReplicas: 9}]}"),
                    GKE)));
    RayCluster scaled =
        edited(
            stored,
            json ->
                json.replace(
                    "\"minReplicas\":1,\"maxReplicas\":9,\"template",
                    "\"minReplicas\":6,\"maxReplicas\":9,\"template"));
    assertThat(group(scaled, "a").minReplicas()).isEqualTo(6);
    RayCluster changed =
        edited(scaled, json -> json.replace("\"maxReplicas\":9}]", "\"maxReplicas\":4}]"));

    WorkerGroupSpec group = group(needed(Completion.of(changed, GKE)).completed(), "a");

    assertThat(List.of(group.minReplicas(), group.maxReplicas())).containsExactly(4, 4);
  }

  @Test
  void aGroupThatIsGoneGoesAndOneThatSomebodyAddedStays() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster more =
        edited(
            stored,
            json ->
                json.replace(
                    "\"workerGroupSpecs\":[",
                    "\"workerGroupSpecs\":[{\"groupName\":\"mine\",\"template\":{\"spec\":{\"containers\":[{\"name\":\"r\"}]}}},"));
    RayCluster changed =
        edited(more, json -> json.replace(",{\"groupName\":\"b\",\"replicas\":2}", ""));

    Completion.Needed needed = needed(Completion.of(changed, GKE));

    assertThat(needed.groupsGone()).containsExactly("b");
    assertThat(needed.completed().getSpec().workerGroupSpecs())
        .extracting(WorkerGroupSpec::groupName)
        .containsExactlyInAnyOrder("a", "mine");
  }

  @Test
  void anyOtherTextInTheAnnotationAsksForAnotherCompletionThatKeepsNumbers() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), SMALL)));
    RayCluster scaled =
        edited(stored, json -> json.replace("\"replicas\":2,\"minR", "\"replicas\":9,\"minR"));
    scaled.getMetadata().getAnnotations().put(ResolvedNote.ANNOTATION, "again");

    Completion.Needed needed = needed(Completion.of(scaled, GKE));

    assertThat(group(needed.completed(), "b").replicas()).isEqualTo(9);
    assertThat(
            group(needed.completed(), "b")
                .template()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getRequests()
                .get("cpu")
                .toString())
        .as("of the configuration that holds now")
        .isEqualTo("15");
  }

  @Test
  void groupsComeFromOneSide() {
    String own = "headGroupSpec: {template: {spec: {containers: [{name: r, image: ray}]}}}\n";

    assertThat(refused(Completion.of(shortSpec(own + TWO_GROUPS), GKE)))
        .contains("choose one side");
    assertThat(Completion.of(shortSpec(own + "platform: {placement: {nodeIsolation: None}}"), GKE))
        .isInstanceOf(Completion.Nothing.class);
  }

  @Test
  void whatTheUserShouldKnowIsOfTheConfigurationThatCompletedIt() {
    RayCluster stored =
        stored(needed(Completion.of(shortSpec("platform: {image: ghcr.io/me/ray:1}"), GKE)));

    assertThat(Completion.of(stored, SMALL))
        .isInstanceOfSatisfying(
            Completion.Nothing.class,
            nothing ->
                assertThat(nothing.warnings())
                    .singleElement()
                    .asString()
                    .contains("can't be streamed"));
  }

  @Test
  void ownImagesAreDoubtedToo() {
    String own =
        """
        headGroupSpec: {template: {spec: {containers: [{name: r, image: ray:1}]}}}
        workerGroupSpecs:
        - groupName: w
          template: {spec: {containers: [{name: r, image: ray:1, imagePullPolicy: Always}]}}
        """;

    assertThat(Completion.of(shortSpec(own + "platform: {}"), GKE))
        .isInstanceOfSatisfying(
            Completion.Nothing.class,
            nothing ->
                assertThat(nothing.warnings()).singleElement().asString().contains("Always"));
    assertThat(Completion.of(shortSpec(own), GKE))
        .as("a plain one is KubeRay's")
        .isEqualTo(new Completion.Nothing());
  }

  @Test
  void whatCannotBeIsRefusedWithWhatCan() {
    assertThat(
            refused(
                Completion.of(
                    shortSpec("platform: {groups: [{groupName: a, accelerator: {type: t5}}]}"),
                    GKE)))
        .contains("there is no t5; possible are t4");
  }

  @Test
  void withoutAnyConfigurationTheProblemWithItIsTold() {
    PlatformInForce none = new PlatformInForce(Optional.empty(), Optional.of("it is not YAML"));

    assertThat(refused(Completion.of(shortSpec("platform: {}"), none))).contains("it is not YAML");
  }

  @Test
  void onlyWhatIsNotCompletedIsDecorated() {
    RayCluster plain = shortSpec("rayVersion: 2.60.0");
    RayCluster own = shortSpec("platform: {}");
    RayCluster completed = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));

    assertThat(Completion.decoration(plain, GKE, false)).as("profile kuberay").isEmpty();
    assertThat(Completion.decoration(plain, GKE, true)).as("profile gke").isPresent();
    assertThat(Completion.decoration(own, GKE, false)).isPresent();
    assertThat(Completion.decoration(completed, GKE, true)).isEmpty();
  }

  @Test
  void ownGroupsAreToldWhatThePlatformLacks() {
    String own = "headGroupSpec: {template: {spec: {containers: [{name: r, image: ray}]}}}\n";

    assertThat(
            refused(
                Completion.of(
                    shortSpec(own + "platform: {placement: {imageStreaming: Required}}"), SMALL)))
        .contains("no nodes that stream images");
  }

  private static RayCluster shortSpec(String spec) {
    RayCluster cluster =
        Serialization.unmarshal(
            "apiVersion: ray.io/v1\nkind: RayCluster\nspec:\n" + spec.indent(2), RayCluster.class);
    cluster.setMetadata(
        new ObjectMetaBuilder()
            .withName("demo")
            .withNamespace("ns")
            .withUid("uid")
            .withResourceVersion("7")
            .build());
    return cluster;
  }

  /** As the API server has it once it was written. */
  private static RayCluster stored(Completion.Needed needed) {
    RayCluster stored = new RayCluster();
    stored.setMetadata(
        new ObjectMetaBuilder(needed.completed().getMetadata())
            .withResourceVersion("8")
            .withAnnotations(needed.fields().getMetadata().getAnnotations())
            .build());
    stored.setSpec(needed.completed().getSpec());
    return stored;
  }

  private static RayCluster edited(RayCluster cluster, UnaryOperator<String> edit) {
    return Serialization.unmarshal(edit.apply(Serialization.asJson(cluster)), RayCluster.class);
  }

  private static WorkerGroupSpec group(RayCluster cluster, String name) {
    return cluster.getSpec().workerGroupSpecs().stream()
        .filter(group -> group.groupName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Completion.Needed needed(Completion completion) {
    assertThat(completion).isInstanceOf(Completion.Needed.class);
    return (Completion.Needed) completion;
  }

  private static String refused(Completion completion) {
    assertThat(completion).isInstanceOf(Completion.Refused.class);
    return ((Completion.Refused) completion).problems().getFirst().message();
  }
}
