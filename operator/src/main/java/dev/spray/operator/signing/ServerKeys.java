package dev.spray.operator.signing;

import dev.spray.operator.resources.Signing;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the operator shows to a pod: one of the authority of that pod's cluster, of
 * which nobody else has the key. So a pod needs to trust nobody but the authority that it trusts
 * anyway, and there is no certificate of the operator to be kept, renewed and spread.
 */
final class ServerKeys extends X509ExtendedKeyManager {
  private static final Logger log = LoggerFactory.getLogger(ServerKeys.class);

  /** Kind of the keys, in the words of TLS. */
  private static final String KIND = "EC";

  private final Knowledge knowledge;
  private final KnownAuthorities authorities;

  ServerKeys(Knowledge knowledge, KnownAuthorities authorities) {
    this.knowledge = knowledge;
    this.authorities = authorities;
  }

  @Override
  public String chooseEngineServerAlias(String kind, Principal[] issuers, SSLEngine engine) {
    if (!KIND.equals(kind) || !(engine.getHandshakeSession() instanceof ExtendedSSLSession asked)) {
      return null;
    }
    return asked.getRequestedServerNames().stream()
        .filter(SNIHostName.class::isInstance)
        .map(ServerKeys::text)
        .filter(name -> known(name).isPresent())
        .findFirst()
        .orElse(null);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return known(alias).map(known -> new X509Certificate[] {known.certificate()}).orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return known(alias).map(KnownAuthorities.Known::key).orElse(null);
  }

  private Optional<KnownAuthorities.Known> known(String serverName) {
    String[] cluster = Signing.clusterOf(serverName);
    if (cluster.length == 0) {
      return Optional.empty();
    }
    try {
      return knowledge
          .cluster(cluster[1], cluster[0])
          .filter(Signer::isEncrypted)
          .flatMap(authorities::of);
    } catch (RuntimeException e) {
      log.warn("The authority of {} is not known: {}", serverName, e.getMessage());
      return Optional.empty();
    }
  }

  private static String text(SNIServerName name) {
    return ((SNIHostName) name).getAsciiName();
  }

  @Override
  public String[] getServerAliases(String kind, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getClientAliases(String kind, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
    return null;
  }
}
