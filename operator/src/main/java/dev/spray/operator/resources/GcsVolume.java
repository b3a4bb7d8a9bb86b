package dev.spray.operator.resources;

import dev.spray.api.raycluster.GcsEmbeddedStorage;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The volume on which the GCS keeps its state when it is embedded in the head. Its claim is never
 * deleted or changed because the spec is, as the state would be lost: at most it goes with its
 * cluster.
 */
public final class GcsVolume {
  private static final String STORAGE = "storage";

  /** Name of the claim: the user's, else {@code <cluster>-gcs-pvc}. */
  public static String claimName(RayCluster cluster) {
    return given(cluster).orElseGet(() -> cluster.getMetadata().getName() + "-gcs-pvc");
  }

  /** Directory on the volume; empty: its root. */
  public static Optional<String> subPath(RayCluster cluster) {
    return storage(cluster).map(GcsEmbeddedStorage::subPath).filter(path -> !path.isEmpty());
  }

  /** Whether there is to be a claim that the operator makes. */
  public static boolean isMade(RayCluster cluster) {
    return FaultTolerance.isEmbedded(cluster) && given(cluster).isEmpty();
  }

  /**
   * In what an existing claim differs from what the spec asks for, and what can be done; empty when
   * it doesn't.
   */
  public static Optional<String> drift(RayCluster cluster, PersistentVolumeClaim actual) {
    PersistentVolumeClaimSpec wanted = spec(cluster);
    PersistentVolumeClaimSpec there = actual.getSpec();
    List<String> differences = new ArrayList<>();
    if (!size(wanted).equals(size(there))) {
      differences.add("size is %s, not %s".formatted(size(there), size(wanted)));
    }
    if (!Set.copyOf(wanted.getAccessModes()).equals(Set.copyOf(there.getAccessModes()))) {
      differences.add(
          "accessModes are %s, not %s".formatted(there.getAccessModes(), wanted.getAccessModes()));
    }
    if (wanted.getStorageClassName() != null
        && !wanted.getStorageClassName().equals(there.getStorageClassName())) {
      differences.add(
          "storageClassName is %s, not %s"
              .formatted(there.getStorageClassName(), wanted.getStorageClassName()));
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ("PersistentVolumeClaim %s is kept as it was made, with the state of the GCS: its %s."
                    + " Undo the change of gcsFaultToleranceOptions.storage, or, if only the size is"
                    + " to grow, enlarge the claim yourself")
                .formatted(actual.getMetadata().getName(), String.join(", its ", differences)));
  }

  static Child child(RayCluster cluster) {
    return Child.of(
        new PersistentVolumeClaimBuilder()
            .withMetadata(Child.metadata(cluster, claimName(cluster)))
            .editMetadata()
            .withOwnerReferences(isRetained(cluster) ? List.of() : List.of(Identity.owner(cluster)))
            .endMetadata()
            .withSpec(spec(cluster))
            .build(),
        "volume for the state of its GCS");
  }

  /**
   * The wish for a claim that is there and not as wanted: all of it that can be had without a
   * change of what the claim asks for. To leave a field out would be one. One that belongs to
   * nobody was to outlive its cluster, and outlives the next one of its name, too.
   */
  static PersistentVolumeClaim kept(PersistentVolumeClaim wish, PersistentVolumeClaim actual) {
    Map<String, String> noHash = Map.of();
    return new PersistentVolumeClaimBuilder(wish)
        .editMetadata()
        .withAnnotations(noHash)
        .withOwnerReferences(
            actual.getMetadata().getOwnerReferences().isEmpty()
                ? List.of()
                : wish.getMetadata().getOwnerReferences())
        .endMetadata()
        .editSpec()
        .withAccessModes(actual.getSpec().getAccessModes())
        .withStorageClassName(actual.getSpec().getStorageClassName())
        .withNewResources()
        .addToRequests(STORAGE, size(actual.getSpec()))
        .endResources()
        .endSpec()
        .build();
  }

  private static PersistentVolumeClaimSpec spec(RayCluster cluster) {
    Optional<GcsEmbeddedStorage> storage = storage(cluster);
    return new PersistentVolumeClaimSpecBuilder()
        .withAccessModes(
            storage
                .map(GcsEmbeddedStorage::accessModes)
                .filter(modes -> !modes.isEmpty())
                .orElse(List.of("ReadWriteOnce")))
        .withStorageClassName(storage.map(GcsEmbeddedStorage::storageClassName).orElse(null))
        .withNewResources()
        .addToRequests(
            STORAGE, storage.map(GcsEmbeddedStorage::size).orElseGet(() -> new Quantity("1Gi")))
        .endResources()
        .build();
  }

  private static Quantity size(PersistentVolumeClaimSpec spec) {
    return spec.getResources().getRequests().get(STORAGE);
  }

  private static boolean isRetained(RayCluster cluster) {
    return storage(cluster)
        .filter(storage -> GcsEmbeddedStorage.RETAIN.equals(storage.deletionPolicy()))
        .isPresent();
  }

  private static Optional<String> given(RayCluster cluster) {
    return storage(cluster).map(GcsEmbeddedStorage::claimName).filter(name -> !name.isEmpty());
  }

  private static Optional<GcsEmbeddedStorage> storage(RayCluster cluster) {
    return Optional.ofNullable(cluster.getSpec().gcsFaultToleranceOptions().storage());
  }

  private GcsVolume() {}
}
