package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.plan.SecretKind;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes with a workspace, and that nothing of it counts for the cluster. */
class WorkspaceTest {
  private static final String EVERYTHING =
      "{notebook: true, vscode: true, tutorials: true, home: {size: 50Gi}}";
  private static final String CLAIM = "demo-workspace";
  private static final ContainerStatus RAY =
      new ContainerStatusBuilder().withName("ray-head").withReady(true).build();

  @Test
  void itsTokenIsMadeBeforeTheHeadAndOnceOnly() {
    RayCluster cluster = cluster(EVERYTHING);
    World world = new World();
    List<Action> actions = world.decide(cluster).actions();

    assertThat(actions)
        .filteredOn(Action.MakeSecret.class::isInstance)
        .extracting(Action.MakeSecret.class::cast)
        .filteredOn(make -> make.kind() == SecretKind.WORKSPACE_TOKEN)
        .singleElement()
        .satisfies(make -> {
          assertThat(make.secret().getMetadata().getName()).isEqualTo("demo.workspace");
          assertThat(make.secret().getMetadata().getOwnerReferences()).hasSize(1);
          assertThat(make.secret().getData()).isNullOrEmpty();
        });
    assertThat(actions.getLast()).isInstanceOf(Action.CreatePod.class);
    assertThat(World.settled(cluster).decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void itsVolumeGoesWithTheClusterUnlessItIsRetained() {
    assertThat(claim(new World().decide(cluster(EVERYTHING))))
        .hasValueSatisfying(claim -> {
          assertThat(claim.getMetadata().getName()).isEqualTo(CLAIM);
          assertThat(claim.getMetadata().getOwnerReferences()).hasSize(1);
          assertThat(claim.getSpec().getResources().getRequests())
              .containsEntry("storage", new Quantity("50Gi"));
        });
    assertThat(
            claim(new World().decide(cluster("{vscode: true, home: {size: 50Gi, retain: true}}"))))
        .hasValueSatisfying(
            claim -> assertThat(claim.getMetadata().getOwnerReferences()).isEmpty());
    assertThat(claim(new World().decide(cluster("{vscode: true}")))).isEmpty();
  }

  /** It was left behind on purpose; who asks for one now may not know that it is there. */
  @Test
  void oneThatWasRetainedOutlivesTheNextClusterToo() {
    World world = World.settled(cluster("{vscode: true, home: {size: 50Gi, retain: true}}"));
    RayCluster next = cluster("{vscode: true, home: {size: 50Gi}}");

    world.carryOut(world.decide(next));

    assertThat(world.child("PersistentVolumeClaim", CLAIM).getMetadata().getOwnerReferences())
        .isEmpty();
    assertThat(claim(world.decide(next))).as("it is as it should be").isEmpty();
  }

  /** Somebody's work is on it. */
  @Test
  void itsVolumeIsNeitherDeletedNorChanged() {
    World world = World.settled(cluster(EVERYTHING));
    RayCluster larger = cluster("{vscode: true, home: {size: 90Gi}}");

    world.carryOut(world.decide(larger));
    assertThat(((PersistentVolumeClaim) world.child("PersistentVolumeClaim", CLAIM)).getSpec())
        .extracting(spec -> spec.getResources().getRequests().get("storage"))
        .isEqualTo(new Quantity("50Gi"));
    assertThat(Warnings.of(larger, world.observed()))
        .singleElement()
        .asString()
        .contains("demo-workspace is kept as it was made", "size is 50Gi, not 90Gi");

    RayCluster without = cluster("{notebook: false}");
    assertThat(world.decide(without).actions())
        .noneMatch(action ->
            action instanceof Action.Delete delete
                && delete.observed() instanceof PersistentVolumeClaim);
  }

  @Test
  void aHeadIsReadyWhateverBecomesOfItsWorkspace() {
    RayCluster cluster = cluster(EVERYTHING);
    World world = World.settled(cluster);
    world.change(
        "demo-head",
        pod -> status(pod, Pods.waiting("workspace", "CrashLoopBackOff", "back-off 10s"), RAY));

    RayClusterStatus status = status(cluster, world);
    assertThat(condition(status, ConditionTypes.READY).getStatus()).isEqualTo("True");
    assertThat(condition(status, ConditionTypes.HEAD_POD_READY).getStatus()).isEqualTo("True");
    for (String type :
        List.of(
            ConditionTypes.NOTEBOOK_READY,
            ConditionTypes.IDE_READY,
            ConditionTypes.TUTORIALS_READY)) {
      assertThat(condition(status, type).getStatus()).isEqualTo("False");
      assertThat(condition(status, type).getReason()).isEqualTo("CrashLoopBackOff");
    }
  }

  @Test
  void aHeadIsNotReadyBecauseItsWorkspaceIs() {
    RayCluster cluster = cluster(EVERYTHING);
    World world = World.settled(cluster);
    world.change(
        "demo-head",
        pod -> status(pod, running("workspace"), Pods.waiting("ray-head", "CrashLoopBackOff", "")));

    RayClusterStatus status = status(cluster, world);
    assertThat(condition(status, ConditionTypes.READY).getStatus()).isEqualTo("False");
    assertThat(condition(status, ConditionTypes.NOTEBOOK_READY).getStatus()).isEqualTo("True");
  }

  @Test
  void whatHoldsUpRayIsToldFirst() {
    RayCluster cluster = cluster(EVERYTHING);
    World world = World.settled(cluster);
    world.change(
        "demo-head",
        pod ->
            status(
                pod,
                Pods.waiting("workspace", "CrashLoopBackOff", ""),
                Pods.waiting("ray-head", "ErrImagePull", "no such image")));
    assertThat(world.observed().liveHead().orElseThrow().readyReason()).isEqualTo("ErrImagePull");

    world.change(
        "demo-head",
        pod ->
            status(
                pod,
                Pods.waiting("workspace", "CreateContainerError", "no such file"),
                Pods.waiting("ray-head", "PodInitializing", "")));
    assertThat(world.observed().liveHead().orElseThrow().readyReason())
        .as("Ray's container waits for it")
        .isEqualTo("CreateContainerError");
  }

  @Test
  void itsAddressesAreThoseOfTheHead() {
    RayCluster cluster = cluster("{notebook: true}");
    RayClusterStatus status = status(cluster, World.settled(cluster));

    assertThat(status.platform().notebook()).isEqualTo("http://10.0.0.7:8888");
    assertThat(status.platform().vscode()).isNull();
    assertThat(status.conditions())
        .extracting(Condition::getType)
        .contains(ConditionTypes.NOTEBOOK_READY)
        .doesNotContain(ConditionTypes.IDE_READY, ConditionTypes.TUTORIALS_READY);
    assertThat(status(cluster, new World()).platform().notebook()).isNull();
  }

  @Test
  void aHeadThatIsOlderSaysSo() {
    RayCluster cluster = cluster("{notebook: true}");
    World world = World.settled(cluster("{}"));

    Condition notebook = condition(status(cluster, world), ConditionTypes.NOTEBOOK_READY);
    assertThat(notebook.getReason()).isEqualTo("HeadPodOutdated");
  }

  /** With an address of its own it would lead nowhere while the workspace is away. */
  @Test
  void theServiceLeadsToAHeadWhoseWorkspaceIsAway() {
    assertThat(
            new World()
                .decide(cluster(EVERYTHING)).actions().stream()
                    .flatMap(WorkspaceTest::applied)
                    .filter(Service.class::isInstance)
                    .map(service -> ((Service) service).getSpec().getPublishNotReadyAddresses()))
        .containsExactly(true);
  }

  @Test
  void itSpeaksToRayAsRaysContainersDo() {
    RayCluster cluster = cluster("{notebook: true}", "authOptions: {mode: token}");
    Pod head =
        new World()
            .decide(cluster).actions().stream()
                .filter(Action.CreatePod.class::isInstance)
                .map(action -> ((Action.CreatePod) action).pod())
                .findFirst()
                .orElseThrow();

    Container workspace = head.getSpec().getInitContainers().getLast();
    assertThat(workspace.getEnv())
        .filteredOn(variable -> variable.getName().startsWith("RAY_AUTH"))
        .isNotEmpty()
        .isEqualTo(
            head.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().startsWith("RAY_AUTH"))
                .toList());
    assertThat(head.getSpec().getInitContainers().getFirst().getEnv())
        .as("what brings the tools speaks to nobody")
        .noneMatch(variable -> variable.getName().startsWith("RAY_AUTH"));
  }

  private static RayCluster cluster(String workspace) {
    return cluster(workspace, "suspend: false");
  }

  /** As the API server has it, completed. */
  private static RayCluster cluster(String workspace, String more) {
    RayCluster cluster =
        Serialization.unmarshal(
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: demo, namespace: ns, uid: uid, resourceVersion: "7", generation: 1}
            spec:
              %s
              platform: {workspace: %s}
            """
                .formatted(more, workspace),
            RayCluster.class);
    Completion.Needed needed =
        (Completion.Needed)
            Completion.of(
                cluster, PlatformInForce.of(ConfigurationFile.shipped(ConfigurationFile.SMALL)));
    RayCluster stored = new RayCluster();
    stored.setMetadata(
        new ObjectMetaBuilder(cluster.getMetadata())
            .addToAnnotations(
                ResolvedNote.ANNOTATION,
                needed.fields().getMetadata().getAnnotations().get(ResolvedNote.ANNOTATION))
            .build());
    stored.setSpec(needed.completed().getSpec());
    assertThat(ClusterProblems.of(stored)).isEmpty();
    return stored;
  }

  private static Optional<PersistentVolumeClaim> claim(Plan plan) {
    return plan.actions().stream()
        .flatMap(WorkspaceTest::applied)
        .filter(PersistentVolumeClaim.class::isInstance)
        .map(PersistentVolumeClaim.class::cast)
        .findFirst();
  }

  private static Stream<HasMetadata> applied(Action action) {
    return action instanceof Action.Apply apply ? Stream.of(apply.desired()) : Stream.empty();
  }

  /** As the kubelet tells it of a pod in which one of the two is not ready. */
  private static Pod status(Pod pod, ContainerStatus workspace, ContainerStatus ray) {
    return Pods.withStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP("10.0.0.7")
            .withInitContainerStatuses(workspace)
            .withContainerStatuses(ray)
            .addToConditions(
                Pods.condition(
                        "Ready", "False", "ContainersNotReady", "containers with unready status")
                    .build()));
  }

  private static ContainerStatus running(String name) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withReady(true)
        .withNewState()
        .withNewRunning()
        .endRunning()
        .endState()
        .build();
  }

  private static RayClusterStatus status(RayCluster cluster, World world) {
    return ClusterStatus.of(cluster, world.observed(), List.of(), World.START);
  }

  private static Condition condition(RayClusterStatus status, String type) {
    return Conditions.find(status.conditions(), type).orElseThrow();
  }
}
