package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** State of a GCS on a volume: the operator's, or one of the user's. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class GcsVolumeTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aVolumeThatIsRetainedIsForTheNextClusterOfTheName() {
    playground.apply(onVolume("{size: 2Gi, deletionPolicy: Retain}"));
    Playground.await().until(() -> playground.pods().size() == 1);
    PersistentVolumeClaim claim = claim();
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    playground.admin().resource(playground.cluster("c")).delete();
    Playground.await().until(() -> playground.cluster("c") == null);
    collectGarbage();

    playground.apply(onVolume("{size: 2Gi}"));

    Playground.await().until(() -> playground.pods().size() == 1);
    assertThat(claim().getMetadata().getUid()).isEqualTo(claim.getMetadata().getUid());
    assertThat(claim().getMetadata().getOwnerReferences())
        .as("it doesn't go with this one either")
        .isEmpty();
  }

  @Test
  void aVolumeThatCanNotBeWhatTheSpecSaysIsKeptAndToldOf() {
    playground.apply(onVolume("{size: 1Gi, storageClassName: slow}"));
    Playground.await().until(() -> claim() != null);
    PersistentVolumeClaim claim = claim();

    playground.apply(onVolume("{size: 2Gi, storageClassName: fast, deletionPolicy: Retain}"));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.STALLED))
                .hasValueSatisfying(condition -> {
                  assertThat(condition.getStatus()).isEqualTo("False");
                  assertThat(condition.getMessage())
                      .contains("size is 1Gi, not 2Gi", "storageClassName is slow, not fast");
                }));
    assertThat(claim().getMetadata().getUid()).isEqualTo(claim.getMetadata().getUid());
    assertThat(claim().getSpec()).isEqualTo(claim.getSpec());
    assertThat(claim().getMetadata().getOwnerReferences()).isEmpty();
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
  }

  /** The scheduler, which is played here, is the only one who says so. */
  @Test
  void aClaimOfTheUsersThatIsMissingIsToldOf() {
    playground.apply(onVolume("{claimName: mine}"));
    Playground.await().until(() -> playground.pods().size() == 1);

    playground.makeUnschedulable(
        playground.heads("c").getFirst(), "persistentvolumeclaim \"mine\" not found");

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.eventNotes())
                .anyMatch(note ->
                    note.contains(
                        "PersistentVolumeClaim mine, which gcsFaultToleranceOptions.storage.claimName"
                            + " names, doesn't exist: create it")));
    assertThat(playground.heads("c")).hasSize(1);
  }

  /** There is no garbage collector. */
  private void collectGarbage() {
    String namespace = playground.namespace();
    playground.admin().services().inNamespace(namespace).delete();
    playground.admin().pods().inNamespace(namespace).withGracePeriod(0).delete();
    Playground.await().until(() -> playground.pods().isEmpty());
  }

  private static String onVolume(String storage) {
    return Manifests.head("c")
        + "  gcsFaultToleranceOptions: {backend: rocksdb, storage: %s}\n".formatted(storage);
  }

  private PersistentVolumeClaim claim() {
    return playground
        .admin()
        .persistentVolumeClaims()
        .inNamespace(playground.namespace())
        .withName("c-gcs-pvc")
        .get();
  }
}
