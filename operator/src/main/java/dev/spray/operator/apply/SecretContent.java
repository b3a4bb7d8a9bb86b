package dev.spray.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

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
      case TOKEN -> new Token();
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

  /** As Ray takes it. */
  record Token() implements SecretContent {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public Map<String, String> draw(RayCluster cluster) {
      byte[] token = new byte[BYTES];
      RANDOM.nextBytes(token);
      byte[] text = Base64.getEncoder().encodeToString(token).getBytes(UTF_8);
      return Map.of(AuthToken.KEY, Base64.getEncoder().encodeToString(text));
    }

    @Override
    public Optional<String> problem(Secret found) {
      return AuthToken.in(found, AuthToken.KEY).isPresent()
          ? Optional.empty()
          : Optional.of(
              "Secret %s has no token under the key %s"
                  .formatted(found.getMetadata().getName(), AuthToken.KEY));
    }

    @Override
    public String missing(String name) {
      return "Secret %s, with the cluster's token under the key %s, doesn't exist"
          .formatted(name, AuthToken.KEY);
    }

    @Override
    public String use() {
      return ", or name it as spec.authOptions.secretName to use its token";
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
