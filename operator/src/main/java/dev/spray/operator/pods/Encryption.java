package dev.spray.operator.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.operator.resources.CertificateAuthority;
import dev.spray.operator.resources.Signing;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What a pod of an encrypted cluster has for it: a certificate of its own, whose key never leaves
 * the pod, and the init container that makes the key and has the operator sign it. What that
 * container asks with, no other container sees.
 */
final class Encryption {
  /** Key, certificate and the authority's certificate; in memory. */
  private static final Scratch CERTIFICATE = new Scratch("ray-tls", "/etc/ray/tls");

  /** The pod's token for the operator, and the authority's certificate, by which to know it. */
  private static final String REQUEST = "ray-tls-request";

  private static final String REQUEST_PATH = "/var/run/secrets/sp-ray.dev/tls";

  /** Kubernetes' shortest; the kubelet renews it. */
  private static final long TOKEN_SECONDS = 600L;

  private static final String SCRIPT = script();

  /** Makes Ray show this certificate and ask for others'; for every container that runs Ray. */
  static void addTo(List<EnvVar> env, RayNode node) {
    if (node.encrypted()) {
      env.add(RayEnvironment.value("RAY_USE_TLS", "1"));
      env.add(RayEnvironment.value("RAY_TLS_SERVER_CERT", CERTIFICATE.path() + "/tls.crt"));
      env.add(RayEnvironment.value("RAY_TLS_SERVER_KEY", CERTIFICATE.path() + "/tls.key"));
      env.add(RayEnvironment.value("RAY_TLS_CA_CERT", CERTIFICATE.path() + "/ca.crt"));
    }
  }

  /** Where such a container reads it. */
  static Container mountIn(Container container, RayNode node) {
    return node.encrypted()
        ? new ContainerBuilder(container)
            .addToVolumeMounts(mount(CERTIFICATE.volume(), CERTIFICATE.path(), true))
            .build()
        : container;
  }

  static void addVolumes(PodSpecBuilder pod, RayNode node) {
    CERTIFICATE.addTo(
        pod,
        new EmptyDirVolumeSourceBuilder()
            .withMedium("Memory")
            .withSizeLimit(new Quantity("1Mi"))
            .build());
    pod.addNewVolume()
        .withName(REQUEST)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken(Signing.AUDIENCE, TOKEN_SECONDS, "token")
        .endSource()
        .addNewSource()
        .withNewSecret()
        .withName(CertificateAuthority.secretName(node.cluster()))
        .addNewItem(CertificateAuthority.CERTIFICATE, null, "ca.crt")
        .endSecret()
        .endSource()
        .endProjected()
        .endVolume();
  }

  /** The first thing that runs in the pod. */
  static Container request(RayNode node) {
    Container ray = node.container();
    Map<String, Quantity> size =
        Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi"));
    return new ContainerBuilder()
        .withName("request-certificate")
        .withImage(ray.getImage())
        .withImagePullPolicy(ray.getImagePullPolicy())
        .withCommand(node.settings().shell())
        .withArgs("exec python3 -c '%s'".formatted(SCRIPT))
        .withEnv(
            RayEnvironment.value("SIGNING_URL", node.settings().signingUrl() + Signing.PATH),
            RayEnvironment.value("SIGNING_NAME", Signing.serverName(node.cluster())),
            RayEnvironment.field("POD_IPS", "status.podIPs"))
        .withVolumeMounts(
            mount(CERTIFICATE.volume(), CERTIFICATE.path(), null),
            mount(REQUEST, REQUEST_PATH, true))
        .withSecurityContext(ray.getSecurityContext())
        // Its last words tell in the pod's status why there is no certificate.
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withResources(
            new ResourceRequirementsBuilder().withRequests(size).withLimits(size).build())
        .build();
  }

  private static VolumeMount mount(String volume, String path, Boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly)
        .build();
  }

  private static String script() {
    try (InputStream file = Encryption.class.getResourceAsStream("request-certificate.py")) {
      String script = new String(file.readAllBytes(), UTF_8);
      if (script.contains("'") || script.contains("$(")) {
        throw new IllegalStateException("the shell, or the kubelet, would read the script");
      }
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Encryption() {}
}
