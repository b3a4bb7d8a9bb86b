package dev.spray.e2e.testbed;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The init container of a pod of an encrypted cluster, run on this machine where there is no
 * kubelet: with what its volumes would give it.
 *
 * @param dir for its volumes
 */
public record CertificateRequest(Playground playground, Path dir) {
  private static final String SHORT = "PATIENCE = 5";

  /** What became of it. */
  public record Result(int exitCode, String log, Path certificate, Path authority) {}

  /** As the pod would ask. */
  public Result by(Pod pod) {
    VolumeProjection token = projection(pod, 0);
    return by(pod, token.getServiceAccountToken().getAudience(), "10.0.0.1");
  }

  /**
   * Otherwise than the pod would ask.
   *
   * @param audience of its token
   * @param podIps that it believes to have
   */
  public Result by(Pod pod, String audience, String podIps) {
    assumeTrue(hasPrograms(), "skipped: there is no openssl or no python3");
    try {
      Path ask = Files.createDirectories(dir.resolve("ask"));
      Path tls = Files.createDirectories(dir.resolve("tls"));
      Files.deleteIfExists(tls.resolve("tls.crt"));
      Files.write(ask.resolve("ca.crt"), authority(pod));
      Files.writeString(ask.resolve("token"), token(pod, audience));
      return run(pod, ask, tls, podIps);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result run(Pod pod, Path ask, Path tls, String podIps) throws IOException {
    Container container = pod.getSpec().getInitContainers().getFirst();
    String script =
        container
            .getArgs()
            .getFirst()
            .replace(container.getVolumeMounts().get(1).getMountPath(), ask.toString())
            .replace(container.getVolumeMounts().get(0).getMountPath(), tls.toString())
            .replaceFirst("PATIENCE = \\d+", SHORT);
    Path log = dir.resolve("log");
    ProcessBuilder process =
        new ProcessBuilder("/bin/bash", "-c", "--", script)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    for (EnvVar variable : container.getEnv()) {
      process
          .environment()
          .put(variable.getName(), Optional.ofNullable(variable.getValue()).orElse(podIps));
    }
    try {
      int code = process.start().waitFor();
      return new Result(code, Files.readString(log), tls.resolve("tls.crt"), ask.resolve("ca.crt"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private byte[] authority(Pod pod) {
    var projected = projection(pod, 1).getSecret();
    Secret secret =
        playground
            .admin()
            .secrets()
            .inNamespace(playground.namespace())
            .withName(projected.getName())
            .get();
    return Base64.getDecoder()
        .decode(secret.getData().get(projected.getItems().getFirst().getKey()));
  }

  private String token(Pod pod, String audience) {
    return playground
        .admin()
        .serviceAccounts()
        .inNamespace(playground.namespace())
        .withName(pod.getSpec().getServiceAccountName())
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(List.of(audience))
                .withExpirationSeconds(600L)
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  private static VolumeProjection projection(Pod pod, int index) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals("ray-tls-request"))
        .map(volume -> volume.getProjected().getSources().get(index))
        .findFirst()
        .orElseThrow();
  }

  private static boolean hasPrograms() {
    try {
      return new ProcessBuilder("bash", "-c", "openssl version && python3 --version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
