package dev.spray.operator.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.api.ClippedName;
import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKey;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.Base64;
import java.util.Optional;

/** The token that a cluster's callers must show, and the Secret in which it is kept. */
public final class AuthToken {
  /** The variable in which Ray looks for it. */
  public static final String VARIABLE = "RAY_AUTH_TOKEN";

  /** Whether the cluster asks for one that a Secret has; Kubernetes' own are in none. */
  public static boolean isInSecret(RayCluster cluster) {
    return cluster.getSpec().authenticated() && !cluster.getSpec().authenticatedByKubernetes();
  }

  /** Whether its user makes that Secret. */
  public static boolean isGiven(RayCluster cluster) {
    String name = cluster.getSpec().authOptions().secretName();
    return name != null && !name.isEmpty();
  }

  /** Where the token is that the spec asks for. */
  public static SecretKey place(RayCluster cluster) {
    return new SecretKey(
        cluster.getMetadata().getNamespace(),
        isGiven(cluster)
            ? cluster.getSpec().authOptions().secretName()
            : ClippedName.of(cluster.getMetadata().getName()),
        AuthOptions.SECRET_KEY);
  }

  /**
   * Where the token is that a head asks for: as its template says itself, else by the spec. Empty
   * where it asks for none, for one of Kubernetes', or for one that is in no Secret.
   */
  public static Optional<SecretKey> ofHead(RayCluster cluster) {
    var ray = cluster.getSpec().headGroupSpec().template().getSpec().getContainers().getFirst();
    Optional<EnvVar> own =
        ray.getEnv().stream().filter(variable -> VARIABLE.equals(variable.getName())).findFirst();
    if (own.isPresent()) {
      return own.map(EnvVar::getValueFrom)
          .map(EnvVarSource::getSecretKeyRef)
          .map(ref -> place(cluster, ref));
    }
    return isInSecret(cluster) ? Optional.of(place(cluster)) : Optional.empty();
  }

  private static SecretKey place(RayCluster cluster, SecretKeySelector ref) {
    return new SecretKey(cluster.getMetadata().getNamespace(), ref.getName(), ref.getKey());
  }

  /** The Secret without the token, which is drawn by chance, just before it is sent. */
  public static Secret secret(RayCluster cluster) {
    return new SecretBuilder()
        .withMetadata(Child.metadata(cluster, place(cluster).secret()))
        .withType("Opaque")
        .build();
  }

  /**
   * The token that a Secret has under a key, without the line break that a file ends with, as Ray
   * takes it; empty where there is none.
   */
  public static Optional<String> in(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(base64 -> new String(Base64.getDecoder().decode(base64), UTF_8).strip())
        .filter(token -> !token.isEmpty());
  }

  private AuthToken() {}
}
