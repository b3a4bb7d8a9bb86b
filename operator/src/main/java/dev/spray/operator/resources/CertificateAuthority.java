package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/** The Secret in which the certificate authority of an encrypted cluster is kept. */
public final class CertificateAuthority {
  /** Where such a Secret has the authority's own certificate, in PEM; Kubernetes' key. */
  public static final String CERTIFICATE = "tls.crt";

  /** Where it has its key, in PEM; Kubernetes' key. */
  public static final String KEY = "tls.key";

  private static final int UID_PART = 8;

  /** The one that an annotation names, else KubeRay's {@code <cluster>-ca-secret-<uid>}. */
  public static String secretName(RayCluster cluster) {
    return isGiven(cluster)
        ? cluster.getMetadata().getAnnotations().get(RayLabels.CERTIFICATE_AUTHORITY)
        : cluster.getMetadata().getName()
            + "-ca-secret-"
            + cluster.getMetadata().getUid().substring(0, UID_PART);
  }

  /** Whether somebody else makes it, for example cert-manager. */
  public static boolean isGiven(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(RayLabels.CERTIFICATE_AUTHORITY);
  }

  /** It without its content, which is made by chance, just before it is sent. */
  public static Secret secret(RayCluster cluster) {
    return new SecretBuilder()
        .withMetadata(Child.metadata(cluster, secretName(cluster)))
        .withType("kubernetes.io/tls")
        .build();
  }

  private CertificateAuthority() {}
}
