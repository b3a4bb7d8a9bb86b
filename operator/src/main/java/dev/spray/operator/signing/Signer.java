package dev.spray.operator.signing;

import static java.util.stream.Collectors.joining;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.CertificateAuthority;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.Identity;
import dev.spray.operator.resources.Signing;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.net.HttpURLConnection;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a pod gets a certificate, and over which names. */
final class Signer {
  private static final Logger log = LoggerFactory.getLogger(Signer.class);

  private final Knowledge knowledge;
  private final KnownAuthorities authorities;
  private final String clusterDomain;
  private final InstantSource clock;

  Signer(
      Knowledge knowledge,
      KnownAuthorities authorities,
      String clusterDomain,
      InstantSource clock) {
    this.knowledge = knowledge;
    this.authorities = authorities;
    this.clusterDomain = clusterDomain;
    this.clock = clock;
  }

  /**
   * A certificate for the pod that a token was given to.
   *
   * @param podIps which the pod believes to have, separated by commas
   * @param request PKCS #10 in PEM
   * @return the certificate in PEM
   * @throws Refusal when there is none, yet or ever
   */
  String sign(String token, String podIps, String request) throws Refusal {
    Knowledge.TokenOwner owner =
        knowledge
            .owner(token, Signing.AUDIENCE)
            .orElseThrow(() ->
                new Refusal(
                    HttpURLConnection.HTTP_UNAUTHORIZED,
                    "the token is not one that a pod got for %s".formatted(Signing.AUDIENCE)));
    Pod pod =
        knowledge
            .pod(owner.namespace(), owner.pod())
            .filter(found -> found.getMetadata().getUid().equals(owner.uid()))
            .orElseThrow(() -> forbidden("there is no such pod"));
    RayCluster cluster =
        cluster(pod)
            .orElseThrow(() ->
                forbidden(
                    "pod %s/%s is none of an encrypted RayCluster that this operator takes care of"
                        .formatted(owner.namespace(), owner.pod())));
    checkAddresses(pod, podIps);
    PublicKey key = RequestedKey.of(request);
    NodeNames names = NodeNames.of(cluster, pod, headService(cluster, pod), clusterDomain);
    String certificate =
        Authority.pem(
            authority(cluster)
                .issue(
                    key,
                    owner.pod(),
                    names.subjectAlternatives(),
                    List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth),
                    clock.instant()));
    log.info(
        "Signed a certificate for pod {}/{}: {}",
        owner.namespace(),
        owner.pod(),
        names.addresses().stream().skip(2).collect(joining(", ")));
    return certificate;
  }

  private Optional<RayCluster> cluster(Pod pod) {
    if (!"yes".equals(pod.getMetadata().getLabels().get(RayLabels.IS_RAY_NODE))) {
      return Optional.empty();
    }
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> "RayCluster".equals(owner.getKind()))
        .flatMap(
            owner -> knowledge.cluster(pod.getMetadata().getNamespace(), owner.getName()).stream())
        .filter(found -> Identity.isOwnedBy(pod, found.getMetadata().getUid()))
        .filter(Signer::isEncrypted)
        .findFirst();
  }

  static boolean isEncrypted(RayCluster cluster) {
    return cluster.getSpec() != null
        && cluster.getSpec().encrypted()
        && !cluster.getSpec().managedElsewhere();
  }

  /** Those in its status may still be missing, or those that it had before its node was started. */
  private static void checkAddresses(Pod pod, String podIps) throws Refusal {
    List<String> told = NodeNames.addresses(pod);
    if (told.isEmpty() || !Set.of(podIps.split(",")).equals(Set.copyOf(told))) {
      throw new Refusal(
          HttpURLConnection.HTTP_CONFLICT,
          "the pod has the addresses %s, and its status says %s so far".formatted(podIps, told));
    }
  }

  private Optional<Service> headService(RayCluster cluster, Pod pod) {
    return NodeNames.isHead(pod)
        ? knowledge.service(cluster.getMetadata().getNamespace(), HeadService.name(cluster))
        : Optional.empty();
  }

  private Authority authority(RayCluster cluster) throws Refusal {
    return authorities
        .of(cluster)
        .orElseThrow(() ->
            new Refusal(
                HttpURLConnection.HTTP_UNAVAILABLE,
                "there is no Secret %s with the certificate authority"
                    .formatted(CertificateAuthority.secretName(cluster))))
        .authority();
  }

  private static Refusal forbidden(String message) {
    return new Refusal(HttpURLConnection.HTTP_FORBIDDEN, message);
  }
}
