package dev.spray.operator.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.resources.CertificateAuthority;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The init container of a pod, as the pod would run it, and the endpoint that it asks. */
class SigningEndpointTest {
  @TempDir private Path dir;

  private final Given given = new Given();
  private SigningEndpoint endpoint;

  @BeforeEach
  void setUp() throws IOException {
    assumeTrue(runs("openssl", "version"), "skipped: there is no openssl");
    assumeTrue(runs("python3", "--version"), "skipped: there is no python3");
    endpoint = new SigningEndpoint(0, given, "cluster.local", InstantSource.system());
    Files.createDirectories(dir.resolve("ask"));
    Files.createDirectories(dir.resolve("tls"));
    trust(given.authority());
    Files.writeString(dir.resolve("ask/token"), "demo-head");
  }

  @AfterEach
  void tearDown() {
    if (endpoint != null) {
      endpoint.close();
    }
  }

  @Test
  void aPodGetsACertificateForItsKey() throws Exception {
    endpoint.start();

    assertThat(run(script())).contains("The certificate came after").endsWith("exit code 0");

    assertThat(dir.resolve("tls/ca.crt")).hasSameTextualContentAs(dir.resolve("ask/ca.crt"));
    assertThat(run("openssl verify -x509_strict -CAfile ask/ca.crt tls/tls.crt"))
        .contains("tls/tls.crt: OK");
    assertThat(run("openssl x509 -noout -pubkey -in tls/tls.crt | sha256sum"))
        .isEqualTo(run("openssl pkey -pubout -in tls/tls.key | sha256sum"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(dir.resolve("tls/tls.key"))))
        .isEqualTo("rw-r-----");
  }

  /** It may come up later: it is being upgraded, or its watch is behind. */
  @Test
  void itWaitsForTheOperator() throws Exception {
    Process pod = start(script());
    while (!Files.readString(dir.resolve("log")).contains("no certificate from 127.0.0.1")) {
      assertThat(pod.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    endpoint.start();

    assertThat(end(pod)).contains("The certificate came after").endsWith("exit code 0");
  }

  @Test
  void itGivesUpWithASentence() throws Exception {
    endpoint.start();
    Files.writeString(dir.resolve("ask/token"), "somebody");

    assertThat(run(script().replace("PATIENCE = 300", "PATIENCE = 2")))
        .contains("the token is not one that a pod got for sp-ray.dev/certificates; gave up after")
        .endsWith("exit code 1");
    assertThat(dir.resolve("tls/tls.crt")).doesNotExist();
  }

  /** Whoever else answers at the operator's address: it doesn't get to see the token. */
  @Test
  void itTalksToNobodyButTheOperator() throws Exception {
    endpoint.start();
    trust(Authority.make("playground", "demo", Given.NOW));

    assertThat(run(script().replace("PATIENCE = 300", "PATIENCE = 1")))
        .contains("CERTIFICATE_VERIFY_FAILED")
        .endsWith("exit code 1");
  }

  @Test
  void anImageWithoutOpensslIsTold() throws Exception {
    endpoint.start();

    assertThat(run(script().replace("[\"openssl\"", "[\"no-openssl-here\"")))
        .contains("spec.tlsOptions needs an image with the program openssl")
        .endsWith("exit code 1");
  }

  private void trust(Authority authority) throws IOException {
    String certificate = authority.data().get(CertificateAuthority.CERTIFICATE);
    Files.write(dir.resolve("ask/ca.crt"), Base64.getDecoder().decode(certificate));
  }

  /** The container's own, but for the places of its volumes. */
  private String script() {
    return container()
        .getArgs()
        .getFirst()
        .replace("/var/run/secrets/sp-ray.dev/tls", dir.resolve("ask").toString())
        .replace("/etc/ray/tls", dir.resolve("tls").toString());
  }

  private Container container() {
    String url = "https://127.0.0.1:" + endpoint.port();
    return RayPod.head(given.cluster, PodSettings.standard("0").withSigningUrl(url))
        .getSpec()
        .getInitContainers()
        .getFirst();
  }

  private String run(String script) throws IOException, InterruptedException {
    return end(start(script));
  }

  private Process start(String script) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", "--", script));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile());
    for (EnvVar variable : container().getEnv()) {
      process
          .environment()
          .put(variable.getName(), Optional.ofNullable(variable.getValue()).orElse("10.0.0.1"));
    }
    return process.start();
  }

  private String end(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return Files.readString(dir.resolve("log")) + "exit code " + process.exitValue();
  }

  private static boolean runs(String... command) {
    try {
      return new ProcessBuilder(command)
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
