package dev.spray.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKey;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Secrets with clusters' tokens: never listed, watched or changed, and what is in them never
 * stands in a log, an Event or a status.
 */
public final class AuthSecrets {
  private static final int TOKEN_BYTES = 32;

  /** What an HTTP header can carry. */
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final KubernetesClient client;
  private final Writes writes;

  /**
   * @param client must not retry writes by itself
   */
  public AuthSecrets(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * A token out of a Secret that a cluster names.
   *
   * @return empty where there is none, or nobody can tell
   */
  public Optional<String> token(SecretKey place) {
    try {
      return token(find(place), place.key()).filter(token -> VISIBLE.matcher(token).matches());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the Secret with a new token, unless there is one already: of a create whose answer got
   * lost, or of a head that the cluster had before.
   *
   * @return whether it was made now
   * @throws KubernetesClientException also where it is somebody else's: a token that others know
   *     would keep nobody out
   */
  boolean make(Secret desired, RayCluster cluster) {
    Secret secret =
        new SecretBuilder(desired).addToData(AuthToken.KEY, encoded(newToken())).build();
    try {
      writes.send(() -> client.resource(secret).create());
      return true;
    } catch (KubernetesClientException e) {
      if (!Failures.isAlreadyExists(e) && !Failures.isAmbiguous(e)) {
        throw e;
      }
      Secret found = client.resource(secret).get();
      if (found == null || found.isMarkedForDeletion() || Identity.isLeftBehind(found, cluster)) {
        throw e;
      }
      settle(found, cluster);
      return false;
    }
  }

  private static void settle(Secret found, RayCluster cluster) {
    String name = found.getMetadata().getName();
    if (!Identity.isOwnedBy(found, cluster.getMetadata().getUid())) {
      throw refused(
          ("Secret %s exists and belongs to somebody else: delete or rename it, or rename the"
                  + " RayCluster, or name it as spec.authOptions.secretName to use its token")
              .formatted(name));
    }
    if (token(found, AuthToken.KEY).isEmpty()) {
      throw refused(
          "Secret %s has no %s any more: delete the Secret, and another one is made"
              .formatted(name, AuthToken.KEY));
    }
  }

  /**
   * Makes sure that pods find their token, because they would wait for it without a word.
   *
   * @param remedy what to do if it isn't there
   */
  void require(SecretKey place, String remedy) {
    Secret found = find(place);
    if (found == null) {
      throw refused(
          "Secret %s, with the cluster's token under the key %s, doesn't exist: %s"
              .formatted(place.secret(), place.key(), remedy));
    }
    if (token(found, place.key()).isEmpty()) {
      throw refused(
          "Secret %s has no token under the key %s: %s"
              .formatted(place.secret(), place.key(), remedy));
    }
  }

  private Secret find(SecretKey place) {
    return client.secrets().inNamespace(place.namespace()).withName(place.secret()).get();
  }

  private static Optional<String> token(Secret secret, String key) {
    return Optional.ofNullable(secret)
        .map(Secret::getData)
        .map(data -> data.get(key))
        .map(AuthSecrets::decoded)
        .filter(token -> !token.isEmpty());
  }

  /** As Ray takes it, without the line break that a file ends with. */
  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), UTF_8).strip();
  }

  private static String newToken() {
    byte[] token = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(token);
    return Base64.getEncoder().encodeToString(token);
  }

  private static String encoded(String token) {
    return Base64.getEncoder().encodeToString(token.getBytes(UTF_8));
  }

  private static KubernetesClientException refused(String message) {
    return new KubernetesClientException(message, HttpURLConnection.HTTP_FORBIDDEN, null);
  }
}
