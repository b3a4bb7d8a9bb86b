package dev.spray.operator.apply;

import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKind;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.signing.Authority;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What a Secret has in it: all in which one kind differs from another. It never stands in a log, an
 * Event or a status.
 */
sealed interface SecretContent {

  /** Of a kind. */
  static SecretContent of(SecretKind kind) {
    return switch (kind) {
      case TOKEN -> new Token(", or name it as spec.authOptions.secretName to use its token");
      case WORKSPACE_TOKEN -> new Token("");
      case AUTHORITY -> new CertificateAuthority();
    };
  }

  /** A new one, drawn by chance, as a Secret's {@code data}. */
  Map<String, String> draw(RayCluster cluster);

  /** What is wrong with a Secret; empty: it has in it what it should. */
  Optional<String> problem(Secret found);

  /** That there is no Secret of this name. */
  String missing(String name);

  /** How a Secret of somebody else could be used, as the end of a sentence; empty: not at all. */
  String use();

  /** As Ray takes it, and the workspace; people put it into addresses as it is. */
  record Token(String use) implements SecretContent {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public Map<String, String> draw(RayCluster cluster) {
      byte[] token = new byte[BYTES];
      RANDOM.nextBytes(token);
      byte[] text = Base64.getUrlEncoder().withoutPadding().encode(token);
      return Map.of(AuthOptions.SECRET_KEY, Base64.getEncoder().encodeToString(text));
    }

    @Override
    public Optional<String> problem(Secret found) {
      return AuthToken.in(found, AuthOptions.SECRET_KEY).isPresent()
          ? Optional.empty()
          : Optional.of(
              "Secret %s has no token under the key %s"
                  .formatted(found.getMetadata().getName(), AuthOptions.SECRET_KEY));
    }

    @Override
    public String missing(String name) {
      return "Secret %s, with the cluster's token under the key %s, doesn't exist"
          .formatted(name, AuthOptions.SECRET_KEY);
    }
  }

  /** With its key; pods trust it for as long as they run. */
  record CertificateAuthority() implements SecretContent {

    @Override
    public Map<String, String> draw(RayCluster cluster) {
      String namespace = cluster.getMetadata().getNamespace();
      return Authority.make(namespace, cluster.getMetadata().getName(), Instant.now()).data();
    }

    @Override
    public Optional<String> problem(Secret found) {
      try {
        var _ = Authority.of(found);
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(e.getMessage());
      }
    }

    @Override
    public String missing(String name) {
      return "there is no Secret %s with the cluster's certificate authority".formatted(name);
    }

    @Override
    public String use() {
      return "";
    }
  }
}
