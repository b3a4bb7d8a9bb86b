package dev.spray.e2e.ecosystem;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.Config;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The autoscaler of a Ray version, which reads and patches RayClusters by its own code. */
final class RayAutoscaler implements AutoCloseable {
  /** The Ray versions, as they are called in {@code testbed/versions.env}. */
  static final List<String> RELEASES = List.of("RAY_OLDEST", "RAY_OLDER", "RAY");

  private static final Path PROGRAM = Testbed.ROOT.resolve("e2e/ecosystem/ray/autoscaler");
  private static final JsonMapper JSON = new JsonMapper();

  private final String release;
  private final Path log;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /**
   * Starts it, and brings Ray from PyPI before, if it isn't there.
   *
   * @param release one of {@link #RELEASES}
   * @param api how it reaches the API server: by a token
   */
  RayAutoscaler(String release, Config api) {
    this.release = release;
    try {
      log = Files.createTempFile("sp-ray-autoscaler-", ".log");
      Path certificate = Files.createTempFile("sp-ray-", ".crt");
      Files.write(certificate, Base64.getDecoder().decode(api.getCaCertData()));
      certificate.toFile().deleteOnExit();
      URI server = URI.create(api.getMasterUrl());
      ProcessBuilder builder =
          new ProcessBuilder(PROGRAM.toString(), release).redirectError(log.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "KUBERNETES_SERVICE_HOST", server.getHost(),
                  "KUBERNETES_SERVICE_PORT_HTTPS", String.valueOf(server.getPort()),
                  // As the operator tells the autoscaler in the head pod.
                  "KUBERAY_CRD_VER", "v1",
                  "NO_PROXY", server.getHost(),
                  "API_CA", certificate.toString(),
                  "API_TOKEN", api.getOauthToken()));
      process = builder.start();
      requests = process.outputWriter(UTF_8);
      answers = process.inputReader(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks for the autoscaling config of a cluster, or for what the autoscaler can't do without: then
   * it has one field, {@code error}.
   */
  JsonNode config(String namespace, String cluster) {
    return ask(of("config").put("namespace", namespace).put("cluster", cluster));
  }

  /**
   * What Ray's own command line makes of a {@code ray start}: {@code resources} and {@code labels}
   * of the node.
   */
  JsonNode start(String command) {
    return succeeded(ask(of("start").put("command", command)));
  }

  /**
   * Asks for more pods of a group.
   *
   * @param autoscaler {@code v1} or {@code v2}
   */
  void launch(String autoscaler, String namespace, String cluster, String group, int count) {
    change(
        of("launch")
            .put("autoscaler", autoscaler)
            .put("namespace", namespace)
            .put("cluster", cluster)
            .put("group", group)
            .put("count", count));
  }

  /** Has pods removed, and their groups get smaller by so many. */
  void terminate(String autoscaler, String namespace, String cluster, List<String> pods) {
    ObjectNode request =
        of("terminate")
            .put("autoscaler", autoscaler)
            .put("namespace", namespace)
            .put("cluster", cluster);
    pods.forEach(request.putArray("pods")::add);
    change(request);
  }

  /** Whether a group's own {@code resources} and {@code labels} mean anything to it. */
  boolean readsResourcesOfGroups() {
    return !release.equals(RELEASES.getFirst());
  }

  private void change(ObjectNode request) {
    JsonNode problems = succeeded(ask(request));
    if (!problems.isEmpty()) {
      throw new AssertionError("%s of %s: %s".formatted(request, this, problems));
    }
  }

  private JsonNode succeeded(JsonNode answer) {
    if (answer.has("error")) {
      throw new AssertionError("%s: %s".formatted(this, answer.get("error").asText()));
    }
    return answer;
  }

  private JsonNode ask(ObjectNode request) {
    try {
      requests.write(request + "\n");
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("%s ended:\n%s".formatted(this, Files.readString(log)));
      }
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new IllegalStateException("%s doesn't answer; its log is %s".formatted(this, log), e);
    }
  }

  private static ObjectNode of(String ask) {
    return JSON.createObjectNode().put("ask", ask);
  }

  @Override
  public void close() {
    process.destroy();
  }

  @Override
  public String toString() {
    return "the autoscaler of " + release;
  }
}
