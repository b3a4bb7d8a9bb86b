package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private static final String OWN_HEAD =
      "headGroupSpec: {template: {spec: {containers: [{name: r, image: ray}]}}}\n";

  @Test
  void aPlainSpecIsLeftAlone() {
    assertThat(Completion.of(shortSpec("rayVersion: 2.60.0"), GKE))
        .isEqualTo(new Completion.Nothing());
  }

  @Test
  void aShortOneIsCompletedOnce() {
    RayCluster cluster = shortSpec(TWO_GROUPS);

    Completion.Needed needed = needed(Completion.of(cluster, GKE));
    assertThat(needed.reason().why()).startsWith("spec.platform was never completed");
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

    assertThat(needed.reason().why()).startsWith("spec.platform has changed");
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
    assertThat(refused(Completion.of(shortSpec(OWN_HEAD + TWO_GROUPS), GKE)))
        .contains("choose one side");
    assertThat(
            Completion.of(
                shortSpec(OWN_HEAD + "platform: {placement: {nodeIsolation: None}}"), GKE))
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

    assertThat(
            Completion.of(
                shortSpec(own + "platform: {placement: {imageStreaming: Preferred}}"), GKE))
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
    PlatformInForce none = PlatformInForce.none("it is not YAML");

    assertThat(refused(Completion.of(shortSpec("platform: {}"), none))).contains("it is not YAML");
  }

  /** Undecorated pods would lie on any node, and stay there. */
  @Test
  void withoutAnyConfigurationNoClusterBeginsThatThePlatformWouldPlace() {
    PlatformInForce none = PlatformInForce.none("it is not YAML");
    RayCluster plain = shortSpec(OWN_HEAD);
    RayCluster placed = shortSpec(OWN_HEAD + "platform: {placement: {computeClass: Performance}}");
    RayCluster timed = shortSpec(OWN_HEAD + "platform: {lifecycle: {ttl: 14d}}");

    assertThat(refused(Completion.of(placed, none))).contains("it is not YAML");
    assertThat(refused(Completion.of(plain, none.decoratingPlain(true))))
        .startsWith("it isn't known where its pods are to lie")
        .contains("it is not YAML");
    assertThat(Completion.of(plain, none)).isEqualTo(new Completion.Nothing());
    assertThat(Completion.of(timed, none)).isEqualTo(new Completion.Nothing());

    placed.setStatus(
        Serialization.unmarshal("head: {podName: demo-head}\n", RayClusterStatus.class));
    assertThat(Completion.of(placed, none))
        .as("one that runs is not left alone for that")
        .isInstanceOfSatisfying(
            Completion.Nothing.class,
            nothing -> assertThat(nothing.warnings().getFirst()).contains("it is not YAML"));

    placed.setStatus(
        Serialization.unmarshal(
            "conditions: [{type: RayClusterProvisioned, status: 'True'}]\n",
            RayClusterStatus.class));
    assertThat(Completion.of(placed, none))
        .as("nor one that has just lost its head")
        .isInstanceOf(Completion.Nothing.class);
  }

  @Test
  void onlyWhatIsNotCompletedIsDecorated() {
    RayCluster plain = shortSpec("rayVersion: 2.60.0");
    RayCluster own = shortSpec("platform: {}");
    RayCluster completed = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));

    assertThat(Completion.decoration(plain, GKE)).as("profile kuberay").isEmpty();
    assertThat(Completion.decoration(plain, GKE.decoratingPlain(true)))
        .as("profile gke")
        .isPresent();
    assertThat(Completion.decoration(own, GKE)).isPresent();
    assertThat(Completion.decoration(completed, GKE.decoratingPlain(true))).isEmpty();
  }

  @Test
  void whoSaysNothingOfPlacementHasNoPodMoved() {
    RayCluster plain = shortSpec(OWN_HEAD + "platform: {lifecycle: {ttl: 14d}}");
    RayCluster placed = shortSpec(OWN_HEAD + "platform: {placement: {computeClass: Performance}}");
    PodSpec pod = plain.getSpec().headGroupSpec().template().getSpec();

    assertThat(Completion.decoration(plain, GKE).orElseThrow().of(pod)).isEqualTo(pod);
    assertThat(Completion.decoration(placed, GKE).orElseThrow().of(pod).getAffinity()).isNotNull();
    assertThat(
            Completion.decoration(plain, GKE.decoratingPlain(true))
                .orElseThrow()
                .of(pod)
                .getAffinity())
        .as("profile gke")
        .isNotNull();
  }

  @Test
  void aRunningClusterStaysWhenThePlatformHasNoSuchNodesAnyMore() {
    RayCluster cluster = shortSpec(OWN_HEAD + "platform: {placement: {imageStreaming: Required}}");
    cluster.setStatus(
        Serialization.unmarshal("head: {podName: demo-head-abc}\n", RayClusterStatus.class));

    assertThat(Completion.of(cluster, SMALL))
        .isInstanceOfSatisfying(
            Completion.Nothing.class,
            nothing ->
                assertThat(nothing.warnings())
                    .first()
                    .asString()
                    .contains("no nodes that stream images"));
  }

  @Test
  void aChangeOfNumbersChangesNothingThatTheConfigurationDecides() throws IOException {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster open =
        edited(stored, json -> json.replace("\"authOptions\":{\"mode\":\"token\"},", ""));
    PlatformInForce other = newer();

    for (RayCluster cluster : List.of(stored, open)) {
      RayCluster more =
          edited(
              cluster,
              json ->
                  json.replace(
                      "\"groupName\":\"b\",\"replicas\":2}",
                      "\"groupName\":\"b\",\"replicas\":4}"));
      RayClusterSpec before = cluster.getSpec();
      RayClusterSpec after = needed(Completion.of(more, other)).completed().getSpec();

      assertThat(after.authOptions()).isEqualTo(before.authOptions());
      assertThat(after.rayVersion()).isEqualTo(before.rayVersion());
      assertThat(after.headGroupSpec()).isEqualTo(before.headGroupSpec());
      assertThat(group(stored(needed(Completion.of(more, other))), "b").replicas()).isEqualTo(4);
    }
  }

  @Test
  void whatTheUserMadeOfAuthenticationSinceStays() {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    RayCluster disabled =
        edited(stored, json -> json.replace("\"mode\":\"token\"", "\"mode\":\"disabled\""));
    RayCluster changed =
        edited(disabled, json -> json.replace("\"type\":\"t4\"", "\"type\":\"l4\""));

    Completion.Needed needed = needed(Completion.of(changed, GKE));

    assertThat(needed.fields().getSpec().authOptions()).isNull();
    assertThat(needed.completed().getSpec().authOptions().mode()).isEqualTo("disabled");
  }

  @Test
  void whoAsksForItGetsAllOfTheConfigurationThatHoldsNow() throws IOException {
    RayCluster stored = stored(needed(Completion.of(shortSpec(TWO_GROUPS), GKE)));
    ResolvedNote note = Completion.note(stored).orElseThrow();
    stored.getMetadata().getAnnotations().put(ResolvedNote.ANNOTATION, note.again().text());
    PlatformInForce other = newer();

    Completion.Needed needed = needed(Completion.of(stored, other));

    assertThat(needed.completed().getSpec().rayVersion()).isEqualTo("9.9.9");
    assertThat(needed.fields().getSpec().authOptions()).isNull();
  }

  @Test
  void aCopyUnderAnotherNameGetsAWorkspaceOfItsOwn() {
    RayCluster stored =
        stored(needed(Completion.of(shortSpec("platform: {workspace: {notebook: true}}"), SMALL)));
    stored.getMetadata().setName("copy");

    assertThat(Serialization.asJson(needed(Completion.of(stored, SMALL)).fields()))
        .contains("copy.workspace")
        .doesNotContain("demo.workspace");
  }

  @Test
  void ownGroupsAreToldWhatThePlatformLacks() {
    assertThat(
            refused(
                Completion.of(
                    shortSpec(OWN_HEAD + "platform: {placement: {imageStreaming: Required}}"),
                    SMALL)))
        .contains("no nodes that stream images");
  }

  /** The one for GKE, by the time there is another Ray, and callers need no token. */
  private static PlatformInForce newer() throws IOException {
    String gke = Files.readString(Path.of("../helm/sp-ray-operator/files/platform/gke.yaml"));
    return PlatformInForce.of(
        ConfigurationFile.parse(
            gke.replace("rayVersion: 2.60.0", "rayVersion: 9.9.9")
                .replace("authentication: Token", "authentication: Disabled")));
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
