package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/**
 * The Secret with the token of a workspace. It isn't the one that Ray asks for: a browser may keep
 * it in its history, and whoever has that can't speak to Ray yet.
 */
public final class WorkspaceToken {

  /** Without the token, which is drawn by chance, just before it is sent. */
  public static Secret secret(RayCluster cluster) {
    String name = cluster.getMetadata().getName();
    return new SecretBuilder()
        .withMetadata(
            Identity.metadata(cluster, Workspace.secretName(name), Map.of(RayLabels.CLUSTER, name)))
        .withType("Opaque")
        .build();
  }

  private WorkspaceToken() {}
}
