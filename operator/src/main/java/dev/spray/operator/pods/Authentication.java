package dev.spray.operator.pods;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKey;
import dev.spray.operator.resources.AuthToken;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;

/**
 * The token with which everything in a pod speaks to the cluster, and for which Ray asks others:
 * out of a Secret, or the one that Kubernetes gives the pod's ServiceAccount.
 */
final class Authentication {
  private static final String VOLUME = "ray-token";

  /** Where Ray looks for a token of Kubernetes'. */
  private static final String PATH = "/var/run/secrets/ray.io/serviceaccount";

  private static final long SECONDS = 3600L;

  /**
   * Adds what every container that speaks to the cluster needs, where the user's variables don't
   * say it already.
   */
  static void addTo(List<EnvVar> env, RayCluster cluster) {
    if (cluster.getSpec().authenticated()) {
      RayEnvironment.addIfAbsent(env, RayEnvironment.value("RAY_AUTH_MODE", "token"));
      RayEnvironment.addIfAbsent(
          env,
          cluster.getSpec().authenticatedByKubernetes()
              ? RayEnvironment.value("RAY_ENABLE_K8S_TOKEN_AUTH", "true")
              : fromSecret(AuthToken.place(cluster)));
    }
  }

  private static EnvVar fromSecret(SecretKey token) {
    return new EnvVarBuilder()
        .withName(AuthToken.VARIABLE)
        .withNewValueFrom()
        .withNewSecretKeyRef(token.key(), token.secret(), null)
        .endValueFrom()
        .build();
  }

  /** The container with what {@link #addVolume} adds to its pod, unless the user mounted it. */
  static Container mountIn(Container container, RayCluster cluster) {
    boolean mounted =
        container.getVolumeMounts().stream().anyMatch(mount -> VOLUME.equals(mount.getName()));
    return mounted || !cluster.getSpec().authenticatedByKubernetes()
        ? container
        : new ContainerBuilder(container)
            .addNewVolumeMount()
            .withName(VOLUME)
            .withMountPath(PATH)
            .withReadOnly(true)
            .endVolumeMount()
            .build();
  }

  /** Adds the pod's own token, unless the user has a volume of that name. */
  static void addVolume(PodSpecBuilder pod, RayCluster cluster) {
    if (cluster.getSpec().authenticatedByKubernetes()
        && !pod.hasMatchingVolume(volume -> VOLUME.equals(volume.getName()))) {
      pod.addNewVolume()
          .withName(VOLUME)
          .withNewProjected()
          .addNewSource()
          .withNewServiceAccountToken(null, SECONDS, "token")
          .endSource()
          .endProjected()
          .endVolume();
    }
  }

  private Authentication() {}
}
