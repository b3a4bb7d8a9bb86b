package dev.spray.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
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
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Runs the commands that people run most against an API server that isn't one, so that the JVM
 * learns which classes they need. Only the build does that.
 */
final class Training {
  private static final String ALIAS = "api";
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
   * @param directory where {@code api.p12}, {@code ca.crt} and {@code api.crt} are
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
    server.setHttpsConfigurator(
        new HttpsConfigurator(context(directory)) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters secured = getSSLContext().getDefaultSSLParameters();
            secured.setNeedClientAuth(true);
            parameters.setSSLParameters(secured);
          }
        });
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
          "create cluster c --gpus-per-worker 1 --dry-run=client"
        }) {
      int code = execute(line, directory, kubeconfig);
      if (code != 0) {
        throw new IllegalStateException("sp-ray " + line + " ended with " + code);
      }
    }
    // How a command fails is worth learning, too.
    int _ = execute("delete cluster", directory, kubeconfig);
    server.stop(0);
  }

  private static int execute(String line, Path home, Path kubeconfig) {
    return SpRay.execute(
        nowhere(),
        Map.of("HOME", home.toString()),
        (line + " --kubeconfig " + kubeconfig).split(" "));
  }

  private static Terminal nowhere() {
    PrintWriter out = new PrintWriter(Writer.nullWriter());
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Terminal(out, err, InputStream.nullInputStream(), false, true, true, true, 80);
  }

  private static SSLContext context(Path directory) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(directory.resolve("api.p12").toFile(), PASSWORD);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", keys.getCertificateChain(ALIAS)[1]);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    String key = Base64.getMimeEncoder().encodeToString(keys.getKey(ALIAS, PASSWORD).getEncoded());
    Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
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
      user: {client-certificate: "%s", client-key: "%s"}
    """
        .formatted(
            server.getAddress().getPort(),
            directory.resolve("ca.crt"),
            directory.resolve("api.crt"),
            directory.resolve("key.pem"));
  }

  private Training() {}
}
