package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The volume on which an embedded GCS keeps its state: whatever happens, it is not lost. */
class GcsVolumeTest {
  private static final String CLAIM = "demo-gcs-pvc";

  @Test
  void isMadeBeforeTheHeadAndGoesWithTheCluster() {
    Plan plan = new World().decide(cluster("{}"));

    PersistentVolumeClaim claim = claims(plan).getFirst();
    assertThat(claim.getMetadata().getName()).isEqualTo(CLAIM);
    assertThat(claim.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(claim.getSpec().getResources().getRequests().get("storage"))
        .isEqualTo(new Quantity("1Gi"));
    assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
    assertThat(plan.actions().getLast()).isInstanceOf(Action.CreatePod.class);
  }

  @Test
  void oneThatIsRetainedHasNoOwner() {
    Plan plan = new World().decide(cluster("{deletionPolicy: Retain}"));

    assertThat(claims(plan).getFirst().getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void noneIsMadeBesideTheUsers() {
    assertThat(claims(new World().decide(cluster("{claimName: mine}")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{size: 2Gi}",
        "{size: 512Mi}",
        "{storageClassName: fast}",
        "{accessModes: [ReadWriteMany]}"
      })
  void asksForTheSameWhenTheSpecDoesNot(String storage) {
    World world = World.settled(cluster("{}"));
    withClass(world, "standard");

    Plan plan = world.decide(cluster(storage));

    assertThat(plan.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Apply.class,
            apply -> assertThat(apply.desired()).isInstanceOf(PersistentVolumeClaim.class));
    PersistentVolumeClaim claim = claims(plan).getFirst();
    assertThat(claim.getSpec())
        .isEqualTo(((PersistentVolumeClaim) world.child("PersistentVolumeClaim", CLAIM)).getSpec());
    world.carryOut(plan);
    assertThat(world.decide(cluster(storage)).actions()).as("once").isEmpty();
    assertThat(Warnings.of(cluster(storage), world.observed()))
        .singleElement()
        .asString()
        .contains("PersistentVolumeClaim demo-gcs-pvc is kept as it was made", "Undo the change");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{size: 1024Mi}", "{storageClassName: standard}"})
  void whatIsTheSameIsNoDrift(String storage) {
    World world = World.settled(cluster("{}"));
    withClass(world, "standard");

    assertThat(Warnings.of(cluster(storage), world.observed())).isEmpty();
  }

  @Test
  void isNotDeletedWhenTheSpecDoesNotAskForItAnyMore() {
    World world = World.settled(cluster("{}"));

    for (RayCluster changed :
        List.of(Clusters.named("demo").build(), cluster("{claimName: mine}"))) {
      assertThat(world.decide(changed).actions()).noneMatch(Action.Delete.class::isInstance);
    }
  }

  /** Also when the same edit asks for what can't be had. */
  @Test
  void canBeRetainedLater() {
    World world = World.settled(cluster("{}"));

    Plan plan = world.decide(cluster("{deletionPolicy: Retain, size: 2Gi}"));

    PersistentVolumeClaim claim = claims(plan).getFirst();
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getSpec().getResources().getRequests().get("storage"))
        .isEqualTo(new Quantity("1Gi"));
    world.carryOut(plan);
    assertThat(claims(world.decide(cluster("{deletionPolicy: Retain, size: 2Gi}")))).isEmpty();
  }

  /** Without the operator's mark, it is not the operator's to change or to give an owner. */
  @Test
  void whatSomebodyMadeForTheClusterIsUsedAsItIs() {
    World world = new World();
    world.child(
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName(CLAIM)
            .withLabels(Map.of(RayLabels.CLUSTER, "demo"))
            .endMetadata()
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .addToRequests("storage", new Quantity("1Gi"))
            .endResources()
            .endSpec()
            .build());

    Plan plan = world.decide(cluster("{}"));

    assertThat(claims(plan)).isEmpty();
    assertThat(plan.actions()).anyMatch(Action.CreatePod.class::isInstance);
  }

  @Test
  void aMissingClaimOfTheUsersIsTold() {
    RayCluster cluster = cluster("{claimName: mine}");
    World world = new World();
    world.carryOut(world.decide(cluster));
    assertThat(Warnings.of(cluster, world.observed())).isEmpty();

    world.change(
        "demo-head",
        pod ->
            Pods.unschedulable(
                pod, "0/3 nodes are available: persistentvolumeclaim \"mine\" not found."));

    assertThat(Warnings.of(cluster, world.observed()))
        .containsExactly(
            "PersistentVolumeClaim mine, which gcsFaultToleranceOptions.storage.claimName names,"
                + " doesn't exist: create it");
  }

  private static void withClass(World world, String name) {
    PersistentVolumeClaim claim =
        (PersistentVolumeClaim) world.child("PersistentVolumeClaim", CLAIM);
    claim.getSpec().setStorageClassName(name);
  }

  private static List<PersistentVolumeClaim> claims(Plan plan) {
    return plan.actions().stream()
        .flatMap(action ->
            action instanceof Action.Apply apply
                ? Stream.<HasMetadata>of(apply.desired())
                : Stream.empty())
        .filter(PersistentVolumeClaim.class::isInstance)
        .map(PersistentVolumeClaim.class::cast)
        .toList();
  }

  private static RayCluster cluster(String storage) {
    return Clusters.named("demo")
        .with("gcsFaultToleranceOptions: {backend: rocksdb, storage: %s}".formatted(storage))
        .build();
  }
}
