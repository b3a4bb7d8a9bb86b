package dev.spray.operator.signing;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.CertificateAuthority;
import dev.spray.operator.resources.Signing;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Authorities of clusters whose pods have just asked: a thousand workers start at a time. */
final class KnownAuthorities {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final Knowledge knowledge;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * An authority, and what the operator itself proves with it that it may ask for its Secret.
   *
   * @param certificate of the operator, which this authority has signed
   * @param key of the operator
   */
  record Known(Authority authority, X509Certificate certificate, PrivateKey key, Instant read) {}

  KnownAuthorities(Knowledge knowledge, InstantSource clock) {
    this.knowledge = knowledge;
    this.clock = clock;
  }

  /**
   * The authority of an encrypted cluster; empty while there is none.
   *
   * @throws IllegalArgumentException when its Secret holds none
   */
  Optional<Known> of(RayCluster cluster) {
    Instant oldest = clock.instant().minus(KEPT);
    known.values().removeIf(one -> one.read().isBefore(oldest));
    String uid = cluster.getMetadata().getUid();
    return Optional.ofNullable(known.computeIfAbsent(uid, any -> read(cluster)));
  }

  private Known read(RayCluster cluster) {
    String namespace = cluster.getMetadata().getNamespace();
    return knowledge
        .secret(namespace, CertificateAuthority.secretName(cluster))
        .map(Authority::of)
        .map(authority -> known(authority, Signing.serverName(cluster)))
        .orElse(null);
  }

  private Known known(Authority authority, String serverName) {
    KeyPair keys = Authority.keys();
    Instant now = clock.instant();
    X509Certificate certificate =
        authority.issue(
            keys.getPublic(),
            "sp-ray-operator",
            List.of(new GeneralName(GeneralName.dNSName, serverName)),
            List.of(KeyPurposeId.id_kp_serverAuth),
            now);
    return new Known(authority, certificate, keys.getPrivate(), now);
  }
}
