package dev.spray.operator.resources;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who else takes part in the traffic of every cluster, whatever its network policy denies.
 *
 * @param operator the operator's own pods; empty where it runs outside of Kubernetes
 * @param scrapers who reads metrics; never empty, which would mean everybody
 * @param apiServer where the API server can be reached, as far as it is known
 */
public record NetworkSettings(
    Optional<NetworkPolicyPeer> operator,
    List<NetworkPolicyPeer> scrapers,
    List<Endpoint> apiServer) {

  /** Label that every namespace has: its own name. */
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /**
   * An address and a port.
   *
   * @param ip of either family
   * @param port TCP
   */
  public record Endpoint(String ip, int port) {

    /** A block that holds this address alone. */
    String cidr() {
      return ip + (ip.contains(":") ? "/128" : "/32");
    }
  }

  /**
   * Pods that carry the name under which Prometheus' operator and charts install it, wherever they
   * are, and the collectors of Google's managed service.
   */
  private static final List<NetworkPolicyPeer> PROMETHEUS =
      List.of(
          new NetworkPolicyPeerBuilder()
              .withNamespaceSelector(new LabelSelectorBuilder().build())
              .withNewPodSelector()
              .addToMatchLabels("app.kubernetes.io/name", "prometheus")
              .endPodSelector()
              .build(),
          pods("gmp-system", Map.of()));

  /** No operator and no API server; Prometheus under its usual names. */
  public static final NetworkSettings DEFAULT =
      new NetworkSettings(Optional.empty(), PROMETHEUS, List.of());

  public NetworkSettings {
    scrapers = scrapers.isEmpty() ? PROMETHEUS : List.copyOf(scrapers);
    apiServer = List.copyOf(apiServer);
  }

  /** The same, with the API server elsewhere. */
  public NetworkSettings withApiServer(List<Endpoint> endpoints) {
    return new NetworkSettings(operator, scrapers, endpoints);
  }

  /** The pods of a namespace that carry these labels; all of them when there are none. */
  public static NetworkPolicyPeer pods(String namespace, Map<String, String> labels) {
    NetworkPolicyPeerBuilder peer =
        new NetworkPolicyPeerBuilder()
            .withNewNamespaceSelector()
            .addToMatchLabels(NAMESPACE_NAME, namespace)
            .endNamespaceSelector();
    return labels.isEmpty()
        ? peer.build()
        : peer.withNewPodSelector().withMatchLabels(labels).endPodSelector().build();
  }
}
