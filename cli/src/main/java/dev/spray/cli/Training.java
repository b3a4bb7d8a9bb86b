package dev.spray.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.spray.cli.term.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Runs the commands that people run most against an API server that isn't one, so that the JVM
 * learns which classes they need. Only the build does that.
 */
final class Training {
  private static final char[] PASSWORD = "training".toCharArray();
  private static final String CLUSTER =
      """
      {"apiVersion": "ray.io/v1", "kind": "RayCluster",
       "metadata": {"name": "c", "namespace": "n", "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z"},
       "spec": {"headGroupSpec": {"template": {"spec": {"containers": [
         {"name": "r", "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}}]}}},
         "workerGroupSpecs": [{"groupName": "w", "replicas": 1, "template": {"spec": {"containers": [
         {"name": "r", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]}}}]},
       "status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]}}
      """;

  /**
   * Trains; returns the exit code.
   *
   * @param directory where {@code keys.p12} and {@code ca.crt} are
   */
  static int run(Path directory) {
    try {
      train(directory);
      return 0;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      e.printStackTrace();
      return 1;
    }
  }

  private static void train(Path directory) throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(directory)));
    server.createContext("/", Training::answer);
    server.start();
    Path kubeconfig =
        Files.writeString(directory.resolve("kubeconfig"), kubeconfig(server, directory));
    for (String line :
        new String[] {
          "--help",
          "create cluster --help",
          "get clusters",
          "get clusters -o yaml",
          "get nodes",
          "describe cluster c",
          "scale cluster c --replicas 2",
          "create cluster c --gpus-per-worker 1 --dry-run=client",
          "delete cluster"
        }) {
      int _ =
          SpRay.execute(
              nowhere(),
              Map.of("HOME", directory.toString()),
              (line + " --kubeconfig " + kubeconfig).split(" "));
    }
    server.stop(0);
  }

  private static Terminal nowhere() {
    PrintWriter writer = new PrintWriter(Writer.nullWriter());
    return new Terminal(writer, writer, InputStream.nullInputStream(), false, true, true, true, 80);
  }

  private static SSLContext context(Path directory) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(directory.resolve("keys.p12").toFile(), PASSWORD);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = CLUSTER;
    if (path.endsWith("/rayclusters")) {
      body =
          "{\"apiVersion\": \"ray.io/v1\", \"kind\": \"RayClusterList\", \"metadata\": {}, \"items\": ["
              + CLUSTER
              + "]}";
    } else if (!path.contains("/rayclusters/")) {
      body = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {}, \"items\": []}";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String kubeconfig(HttpsServer server, Path directory) {
    return """
    apiVersion: v1
    kind: Config
    current-context: training
    clusters:
    - name: training
      cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}
    contexts:
    - name: training
      context: {cluster: training, user: training}
    users:
    - name: training
      user: {token: training}
    """
        .formatted(server.getAddress().getPort(), directory.resolve("ca.crt"));
  }

  private Training() {}
}
