package dev.spray.operator.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.operator.resources.CertificateAuthority;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The certificate authority of one cluster: whoever has a certificate of it is let in by the
 * cluster's pods.
 *
 * @param certificate what pods trust
 * @param key with which it signs
 */
public record Authority(X509Certificate certificate, PrivateKey key) {
  /** As KubeRay's: longer than any cluster runs without all its pods being made anew. */
  static final Duration LIFE = Duration.ofDays(3650);

  /** Clocks of nodes differ. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;
  private static final SecureRandom CHANCE = new SecureRandom();

  /** A new one, with a key of its own. */
  public static Authority make(String namespace, String cluster, Instant now) {
    KeyPair keys = keys();
    X500Name name = name(namespace, cluster);
    return signing(() -> {
      X509v3CertificateBuilder certificate =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(now.minus(EARLIER)),
              Date.from(now.plus(LIFE)),
              name,
              keys.getPublic());
      certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      certificate.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      certificate.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new Authority(signed(certificate, keys.getPrivate()), keys.getPrivate());
    });
  }

  /**
   * The one that a Secret holds.
   *
   * @throws IllegalArgumentException when it holds none; says why
   */
  public static Authority of(Secret secret) {
    String name = "Secret " + secret.getMetadata().getName();
    try {
      Authority authority =
          new Authority(
              new JcaX509CertificateConverter().getCertificate(certificate(secret)), key(secret));
      if (authority.certificate.getBasicConstraints() < 0) {
        throw new IOException("its tls.crt is not the certificate of an authority");
      }
      return authority;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(name + " can't be read: " + e.getMessage(), e);
    }
  }

  /** What a Secret holds of it. */
  public Map<String, String> data() {
    return Map.of(
        CertificateAuthority.CERTIFICATE, encoded(pem(certificate)),
        CertificateAuthority.KEY, encoded(pem(pkcs8(key))));
  }

  /**
   * A certificate as long as the authority's own: a pod reads it when it starts, and never again.
   *
   * @param key of whom it is for
   * @param subject for people
   * @param names DNS names and addresses under which its holder may be a server
   * @param purposes what its holder may be
   */
  X509Certificate issue(
      PublicKey key,
      String subject,
      List<GeneralName> names,
      List<KeyPurposeId> purposes,
      Instant now) {
    return signing(() -> {
      Instant earliest = certificate.getNotBefore().toInstant();
      Instant wanted = now.minus(EARLIER);
      Date begin = Date.from(wanted.isBefore(earliest) ? earliest : wanted);
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder issued =
          new JcaX509v3CertificateBuilder(
              certificate,
              serial(),
              begin,
              certificate.getNotAfter(),
              new X500Principal(
                  new X500NameBuilder().addRDN(BCStyle.CN, subject).build().getEncoded()),
              key);
      issued.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      issued.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
      issued.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      issued.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      issued.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions.createAuthorityKeyIdentifier(certificate));
      issued.addExtension(
          Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
      X509Certificate result = signed(issued, this.key);
      // The key of a Secret that somebody else made may be another one's.
      result.verify(certificate.getPublicKey());
      return result;
    });
  }

  /** A new key pair, of the kind that all parts of this use. */
  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), CHANCE);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private static X509Certificate signed(X509v3CertificateBuilder certificate, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case String other -> other;
        };
    return new JcaX509CertificateConverter()
        .getCertificate(certificate.build(new JcaContentSignerBuilder(algorithm).build(key)));
  }

  private static X509CertificateHolder certificate(Secret secret) throws IOException {
    return parsed(secret, CertificateAuthority.CERTIFICATE)
        .flatMap(part -> part instanceof X509CertificateHolder it ? Stream.of(it) : Stream.empty())
        .findFirst()
        .orElseThrow(() -> new IOException("its tls.crt is no certificate in PEM"));
  }

  private static PrivateKey key(Secret secret) throws IOException {
    PrivateKeyInfo key =
        parsed(secret, CertificateAuthority.KEY)
            .flatMap(part ->
                switch (part) {
                  case PrivateKeyInfo it -> Stream.of(it);
                  case PEMKeyPair pair -> Stream.of(pair.getPrivateKeyInfo());
                  default -> Stream.empty();
                })
            .findFirst()
            .orElseThrow(() -> new IOException("its tls.key is no private key in PEM"));
    return new JcaPEMKeyConverter().getPrivateKey(key);
  }

  /** All parts of a PEM file. */
  private static Stream<Object> parsed(Secret secret, String entry) throws IOException {
    String value = secret.getData() == null ? null : secret.getData().get(entry);
    if (value == null) {
      throw new IOException("it has no " + entry);
    }
    String text = new String(Base64.getDecoder().decode(value), UTF_8);
    List<Object> parts = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        parts.add(part);
      }
    }
    return parts.stream();
  }

  private static PemObject pkcs8(PrivateKey key) {
    return new PemObject("PRIVATE KEY", key.getEncoded());
  }

  private static X500Name name(String namespace, String cluster) {
    return new X500NameBuilder().addRDN(BCStyle.O, namespace).addRDN(BCStyle.CN, cluster).build();
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, CHANCE).setBit(0);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private interface Signing<T> {
    T result() throws GeneralSecurityException, OperatorCreationException, IOException;
  }

  private static <T> T signing(Signing<T> signing) {
    try {
      return signing.result();
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalArgumentException(
          "the certificate authority can't sign: " + e.getMessage(), e);
    }
  }
}
