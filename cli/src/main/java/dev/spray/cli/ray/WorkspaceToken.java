package dev.spray.cli.ray;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Session;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;

/** What the notebook server and VS Code of a cluster ask for. */
public final class WorkspaceToken {

  /**
   * Reads it.
   *
   * @throws Failure when there is none, yet or any more
   */
  public static String of(Session session, Cluster cluster) {
    String name = Workspace.secretName(cluster.name());
    Secret secret =
        session.client().secrets().inNamespace(cluster.namespace()).withName(name).get();
    String token =
        secret == null || secret.getData() == null
            ? null
            : secret.getData().get(AuthOptions.SECRET_KEY);
    if (token == null) {
      throw new Failure(
              ErrorCode.NOT_FOUND,
              "Secret " + name + " has no token of a workspace under " + AuthOptions.SECRET_KEY)
          .because("the operator makes it before the cluster's head")
          .suggesting("sp-ray describe cluster " + cluster.name() + " -n " + cluster.namespace());
    }
    return new String(Base64.getDecoder().decode(token), UTF_8).strip();
  }

  private WorkspaceToken() {}
}
