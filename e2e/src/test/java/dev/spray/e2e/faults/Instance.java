package dev.spray.e2e.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.e2e.testbed.Kubeconfigs;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * One of several operator processes that contend for the same lease. Each has a token of its own,
 * by whose identifier the API server's audit log tells them apart.
 *
 * @param name its identity in the lease
 * @param credential the identifier of its token
 * @param log what it prints
 */
record Instance(String name, String credential, Process process, Path log)
    implements AutoCloseable {

  /**
   * Starts one.
   *
   * @param config with a token that no other instance has
   */
  static Instance start(String name, Config config, String namespace) {
    try {
      Path kubeconfig = Files.createTempFile("sp-ray-", ".kubeconfig");
      Files.writeString(kubeconfig, Kubeconfigs.write(config));
      Path log = Files.createTempFile("sp-ray-operator-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.spray.operator.runtime.Main",
                  "--watch-namespace=" + namespace,
                  "--metrics-port=0",
                  "--health-port=0",
                  "--signing-port=0")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("POD_NAME", name);
      return new Instance(name, identifier(config.getOauthToken()), builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP: it does nothing at all, and doesn't know. */
  void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() {
    signal("CONT");
  }

  /** SIGKILL; returns when it is dead. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name;
  }

  private void signal(String signal) {
    var _ = Testbed.execute(List.of("kill", "-" + signal, String.valueOf(process.pid())));
  }

  private static String identifier(String token) {
    // Of a JSON Web Token's three parts, the one in the middle.
    String part = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    String claims = new String(Base64.getUrlDecoder().decode(part), UTF_8);
    return FaultControl.parse(claims, JsonNode.class).get("jti").asText();
  }
}
