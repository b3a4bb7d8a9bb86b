package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.Identity;
import dev.spray.operator.signing.Authority;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;

/** Makes the Secrets of certificate authorities, each once, and looks whether they are there. */
final class AuthoritySecrets {
  private final KubernetesClient client;
  private final Writes writes;

  AuthoritySecrets(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * Makes one; one that is there already is kept, whoever asks again.
   *
   * @return whether it was made
   */
  boolean make(Secret empty, RayCluster cluster) {
    Authority authority =
        Authority.make(
            cluster.getMetadata().getNamespace(), cluster.getMetadata().getName(), Instant.now());
    Secret secret = empty.edit().withData(authority.data()).build();
    try {
      var _ = writes.send(() -> client.resource(secret).create());
      return true;
    } catch (KubernetesClientException e) {
      if (!Failures.isAlreadyExists(e) && !Failures.isAmbiguous(e)) {
        throw e;
      }
      Secret found = client.resource(empty).get();
      if (found == null || found.isMarkedForDeletion()) {
        throw e;
      }
      if (!Identity.isOwnedBy(found, cluster.getMetadata().getUid())) {
        throw Applier.foreign(empty);
      }
      check(found);
      return false;
    }
  }

  /** Fails if it isn't there. */
  void require(Action.RequireAuthority require) {
    Secret found =
        client.secrets().inNamespace(require.namespace()).withName(require.secret()).get();
    if (found == null) {
      throw refused(
          "there is no Secret %s with the cluster's certificate authority; %s"
              .formatted(require.secret(), require.remedy()));
    }
    check(found);
  }

  private static void check(Secret secret) {
    try {
      var _ = Authority.of(secret);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private static KubernetesClientException refused(String message) {
    return new KubernetesClientException(message, HttpURLConnection.HTTP_FORBIDDEN, null);
  }
}
