package dev.spray.cli.kube;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.PlatformConfiguration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The platform configuration that the operator goes by, as far as who asks may read it. */
public sealed interface InstalledPlatform {

  /** It could be read. */
  record Known(PlatformConfiguration configuration) implements InstalledPlatform {}

  /** It couldn't; the sentence says why, and what to do. */
  record Unknown(String why) implements InstalledPlatform {}

  /** Of a release that has the chart's name. */
  String NAME = "sp-ray-operator-platform";

  /** Every release's has it. */
  Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "sp-ray-operator");

  String KEY = "platform.yaml";
  int FORBIDDEN = 403;

  /** Reads it out of its ConfigMap in the operator's namespace. */
  static InstalledPlatform read(KubernetesClient client, String namespace) {
    try {
      var all = client.configMaps().inNamespace(namespace);
      // Who may read that one alone can't list.
      ConfigMap usual = all.withName(NAME).get();
      return Stream.concat(
              Stream.ofNullable(usual),
              usual != null ? Stream.empty() : all.withLabels(LABELS).list().getItems().stream())
          .map(ConfigMap::getData)
          .filter(Objects::nonNull)
          .map(data -> data.get(KEY))
          .filter(Objects::nonNull)
          .findFirst()
          .map(InstalledPlatform::parsed)
          .orElse(
              new Unknown(
                  "namespace %s has no platform configuration: --operator-namespace says where the operator is"
                      .formatted(namespace)));
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return new Unknown(
            "you may not read ConfigMap %s in namespace %s: the platform team grants it by the chart's platform.readers"
                .formatted(NAME, namespace));
      }
      throw e;
    }
  }

  private static InstalledPlatform parsed(String yaml) {
    try {
      return new Known(ConfigurationFile.parse(yaml));
    } catch (IllegalArgumentException e) {
      return new Unknown(
          "this sp-ray can't read the platform's configuration, perhaps it is older than the operator: "
              + e.getMessage());
    }
  }
}
