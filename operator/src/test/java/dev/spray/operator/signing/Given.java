package dev.spray.operator.signing;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.resources.CertificateAuthority;
import dev.spray.operator.resources.Identity;
import dev.spray.operator.resources.Signing;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A world with one encrypted cluster, its head and a worker, whose tokens are their names. */
final class Given implements Knowledge {
  static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  RayCluster cluster =
      Clusters.named("demo").group("small", 1).with("tlsOptions: {enabled: true}").build();

  Optional<Secret> secret =
      Optional.of(
          CertificateAuthority.secret(cluster)
              .edit()
              .withData(Authority.make("playground", "demo", Instant.now()).data())
              .build());

  final Map<String, Pod> pods = new HashMap<>();
  String clusterIp = "None";
  int reads;

  Given() {
    add("demo-head", RayLabels.HEAD, "10.0.0.1");
    add("demo-worker", RayLabels.WORKER, "10.0.0.2", "fd00::2");
  }

  void add(String name, String nodeType, String... ips) {
    Map<String, String> labels = Identity.labels("demo", nodeType);
    labels.put(RayLabels.IS_RAY_NODE, "yes");
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(Clusters.NAMESPACE)
            .withUid("uid of " + name)
            .withLabels(labels)
            .withOwnerReferences(Identity.owner(cluster))
            .endMetadata()
            .withNewStatus()
            .endStatus();
    for (String ip : ips) {
      pod.editStatus().addNewPodIP(ip).endStatus();
    }
    pods.put(name, pod.build());
  }

  Authority authority() {
    return Authority.of(secret.orElseThrow());
  }

  @Override
  public Optional<RayCluster> cluster(String namespace, String name) {
    return Optional.of(cluster)
        .filter(one ->
            one.getMetadata().getNamespace().equals(namespace)
                && one.getMetadata().getName().equals(name));
  }

  @Override
  public Optional<TokenOwner> owner(String token, String audience) {
    return audience.equals(Signing.AUDIENCE) && token.startsWith("demo")
        ? Optional.of(new TokenOwner(Clusters.NAMESPACE, token, "uid of " + token))
        : Optional.empty();
  }

  @Override
  public Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(pods.get(name));
  }

  @Override
  public Optional<Service> service(String namespace, String name) {
    return Optional.of(
        new ServiceBuilder().withNewSpec().withClusterIPs(clusterIp).endSpec().build());
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    reads++;
    return secret.filter(one -> one.getMetadata().getName().equals(name));
  }
}
