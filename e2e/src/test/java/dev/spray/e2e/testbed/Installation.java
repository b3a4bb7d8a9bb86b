package dev.spray.e2e.testbed;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The chart's objects but its Deployment: tests run the operator itself, as the chart's identity.
 */
final class Installation {
  static final String NAMESPACE = "ray-system";
  private static final String RELEASE = "sp-ray-operator";
  private static final Duration TOKEN_LIFE = Duration.ofHours(2);

  /** Renders the chart and applies what it renders. */
  static void into(Testbed testbed) {
    into(testbed, RELEASE, List.of());
  }

  private static void into(Testbed testbed, String release, List<String> values) {
    List<String> template =
        new ArrayList<>(
            List.of(
                Testbed.tool("helm"),
                "template",
                release,
                Testbed.ROOT.resolve("helm/sp-ray-operator").toString(),
                "--namespace",
                NAMESPACE));
    values.forEach(value -> template.addAll(List.of("--set", value)));
    String rendered = Testbed.execute(template);
    try (KubernetesClient client = testbed.client()) {
      Path file = Files.createTempFile("sp-ray-", ".yaml");
      Files.writeString(file, withoutDeployment(rendered));
      Testbed.execute(
          List.of(
              Testbed.tool("kubectl"),
              "--kubeconfig",
              testbed.kubeconfig().toString(),
              "apply",
              "--server-side",
              "--force-conflicts",
              "-f",
              file.toString()));
      Files.delete(file);
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName("rayclusters.ray.io")
          .waitUntilCondition(
              crd ->
                  crd != null
                      && crd.getStatus() != null
                      && crd.getStatus().getConditions() != null
                      && crd.getStatus().getConditions().stream()
                          .anyMatch(condition ->
                              condition.getType().equals("Established")
                                  && condition.getStatus().equals("True")),
              1,
              TimeUnit.MINUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How the operator reaches the API server: by a token of its service account, with its rights.
   */
  static Config operatorConfig(Testbed testbed) {
    return config(testbed, NAMESPACE, RELEASE);
  }

  /** As {@link #operatorConfig}, of another release, with these values of the chart. */
  static Config operatorConfig(Testbed testbed, String release, String... values) {
    into(testbed, release, List.of(values));
    return config(testbed, NAMESPACE, release);
  }

  /** How a pod with that service account reaches the API server. */
  static Config config(Testbed testbed, String namespace, String serviceAccount) {
    try (KubernetesClient client = testbed.client()) {
      String token =
          client
              .serviceAccounts()
              .inNamespace(namespace)
              .withName(serviceAccount)
              .tokenRequest(
                  new TokenRequestBuilder()
                      .withNewSpec()
                      .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                      .endSpec()
                      .build())
              .getStatus()
              .getToken();
      return new ConfigBuilder(testbed.config())
          .withClientCertData(null)
          .withClientCertFile(null)
          .withClientKeyData(null)
          .withClientKeyFile(null)
          .withOauthToken(token)
          .withNamespace(namespace)
          .build();
    }
  }

  private static String withoutDeployment(String rendered) {
    StringBuilder kept = new StringBuilder();
    kept.append("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ").append(NAMESPACE);
    for (String document : rendered.split("(?m)^---$", -1)) {
      if (!document.isBlank() && !document.contains("\nkind: Deployment\n")) {
        kept.append("\n---\n").append(document);
      }
    }
    return kept.toString();
  }

  private Installation() {}
}
