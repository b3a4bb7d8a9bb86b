package dev.spray.operator.resources;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/**
 * The Secret with the token of a workspace. It isn't the one that Ray asks for: a browser may keep
 * it in its history, and whoever has that can't speak to Ray yet.
 */
public final class WorkspaceToken {

  /** Without the token, which is drawn by chance, just before it is sent. */
  public static Secret secret(RayCluster cluster) {
    return new SecretBuilder()
        .withMetadata(
            Child.metadata(cluster, Workspace.secretName(cluster.getMetadata().getName())))
        .withType("Opaque")
        .build();
  }

  private WorkspaceToken() {}
}
