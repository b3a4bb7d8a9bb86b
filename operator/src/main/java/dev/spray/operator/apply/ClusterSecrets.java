package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/**
 * The Secrets that clusters' pods read: made once, looked for before pods that need them are
 * created, never listed, watched or changed.
 */
final class ClusterSecrets {
  private final KubernetesClient client;
  private final Claims claims;

  ClusterSecrets(KubernetesClient client, Claims claims) {
    this.client = client;
    this.claims = claims;
  }

  /**
   * Makes a Secret with new content, unless the cluster has it already: of a create whose answer
   * got lost, or of pods that it had before.
   *
   * @return whether it was made now
   * @throws KubernetesClientException also where it is somebody else's: what others know would keep
   *     nobody out
   */
  boolean make(Action.MakeSecret make, RayCluster cluster) {
    SecretContent content = SecretContent.of(make.kind());
    Secret secret = make.secret().edit().withData(content.draw(cluster)).build();
    return switch (claims.create(secret, cluster)) {
      case Claim.Made<Secret> _ -> true;
      case Claim.Ours<Secret> ours -> {
        check(ours.staying(), content, "delete the Secret, and another one is made");
        yield false;
      }
      case Claim.Theirs<Secret> _ -> throw Refused.foreign(secret, content.use());
    };
  }

  /**
   * Makes sure that pods find what they would wait for without a word.
   *
   * @throws KubernetesClientException also where it is another cluster's: whoever may read that one
   *     would get into this cluster, and the other way round
   */
  void require(Action.RequireSecret require, RayCluster cluster) {
    SecretContent content = SecretContent.of(require.kind());
    Secret found = client.secrets().inNamespace(require.namespace()).withName(require.name()).get();
    if (found == null) {
      throw new Refused(content.missing(require.name()) + ": " + require.remedy());
    }
    if (!require.given() && Identity.isOfAnother(found, cluster)) {
      throw Refused.foreign(found);
    }
    check(found, content, require.remedy());
  }

  private static void check(Secret found, SecretContent content, String remedy) {
    content
        .problem(found)
        .ifPresent(problem -> {
          throw new Refused(problem + ": " + remedy);
        });
  }
}
