package dev.spray.operator.pods;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.SecretKey;
import dev.spray.operator.resources.AuthToken;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
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

  /** For every container that speaks to the cluster. */
  static List<EnvVar> env(RayCluster cluster) {
    if (!cluster.getSpec().authenticated()) {
      return List.of();
    }
    return List.of(
        RayEnvironment.value("RAY_AUTH_MODE", "token"),
        cluster.getSpec().authenticatedByKubernetes()
            ? RayEnvironment.value("RAY_ENABLE_K8S_TOKEN_AUTH", "true")
            : fromSecret(AuthToken.place(cluster)));
  }

  private static EnvVar fromSecret(SecretKey token) {
    return new EnvVarBuilder()
        .withName(AuthToken.VARIABLE)
        .withNewValueFrom()
        .withNewSecretKeyRef(token.key(), token.secret(), null)
        .endValueFrom()
        .build();
  }

  /** The container with what {@link #addVolume} adds to its pod. */
  static Container mountIn(Container container, RayCluster cluster) {
    return new ContainerBuilder(container).addAllToVolumeMounts(mounts(cluster)).build();
  }

  private static List<VolumeMount> mounts(RayCluster cluster) {
    return cluster.getSpec().authenticatedByKubernetes()
        ? List.of(
            new VolumeMountBuilder()
                .withName(VOLUME)
                .withMountPath(PATH)
                .withReadOnly(true)
                .build())
        : List.of();
  }

  static void addVolume(PodSpecBuilder pod, RayCluster cluster) {
    if (cluster.getSpec().authenticatedByKubernetes()) {
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
