package dev.spray.operator.cluster;

import dev.spray.api.platform.Extension;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.resources.FaultTolerance;
import dev.spray.operator.resources.GcsVolume;
import dev.spray.operator.resources.WorkspaceVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user should know of a cluster although it is carried out; pure. */
final class Warnings {

  /**
   * All of them.
   *
   * @param ofPlatform those of what the platform makes of the cluster
   */
  static List<String> of(RayCluster cluster, ObservedCluster observed, List<String> ofPlatform) {
    List<String> warnings = new ArrayList<>(of(cluster, observed));
    warnings.addAll(ofPlatform);
    return List.copyOf(warnings);
  }

  static List<String> of(RayCluster cluster, ObservedCluster observed) {
    List<String> warnings = new ArrayList<>(AutoscalerProblems.warnings(cluster.getSpec()));
    unreadableExtension(cluster).ifPresent(warnings::add);
    if (FaultTolerance.isEmbedded(cluster)) {
      missingClaim(cluster, observed).ifPresent(warnings::add);
    }
    if (GcsVolume.isMade(cluster)) {
      observed
          .child("PersistentVolumeClaim", GcsVolume.claimName(cluster))
          .flatMap(claim -> GcsVolume.drift(cluster, (PersistentVolumeClaim) claim))
          .ifPresent(warnings::add);
    }
    observed
        .child("PersistentVolumeClaim", Workspace.claimName(cluster.getMetadata().getName()))
        .flatMap(claim -> WorkspaceVolume.drift(cluster, (PersistentVolumeClaim) claim))
        .ifPresent(warnings::add);
    return List.copyOf(warnings);
  }

  /** Where nothing expires the annotation means nothing. */
  private static Optional<String> unreadableExtension(RayCluster cluster) {
    PlatformSpec platform = cluster.getSpec().platform();
    return platform == null || platform.lifecycle() == null
        ? Optional.empty()
        : Extension.of(cluster.getMetadata().getAnnotations()).problem();
  }

  /** The scheduler says so: the operator watches no claims of others. */
  private static Optional<String> missingClaim(RayCluster cluster, ObservedCluster observed) {
    String claim = GcsVolume.claimName(cluster);
    String words = "persistentvolumeclaim \"%s\" not found".formatted(claim);
    return GcsVolume.isMade(cluster)
        ? Optional.empty()
        : observed
            .liveHead()
            .map(ObservedPod::readyMessage)
            .filter(message -> message.contains(words))
            .map(message ->
                ("PersistentVolumeClaim %s, which gcsFaultToleranceOptions.storage.claimName names,"
                        + " doesn't exist: create it")
                    .formatted(claim));
  }

  private Warnings() {}
}
