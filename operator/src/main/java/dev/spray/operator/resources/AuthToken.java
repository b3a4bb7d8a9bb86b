package dev.spray.operator.resources;

import dev.spray.api.ClippedName;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKey;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.Map;
import java.util.Optional;

/** The token that a cluster's callers must show, and the Secret in which it is kept. */
public final class AuthToken {
  /** Where such a Secret has it; KubeRay's. */
  public static final String KEY = "auth_token";

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
        KEY);
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
        .withMetadata(
            Identity.metadata(
                cluster,
                place(cluster).secret(),
                Map.of(RayLabels.CLUSTER, cluster.getMetadata().getName())))
        .withType("Opaque")
        .build();
  }

  private AuthToken() {}
}
