package dev.spray.operator.signing;

import java.io.IOException;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The key for which a pod asks for a certificate. Nothing else of its request counts: which names
 * the certificate has is not for the pod to say.
 */
final class RequestedKey {
  private static final int SHORTEST_EC = 256;
  private static final int SHORTEST_RSA = 2048;

  /**
   * Reads a request.
   *
   * @param pem PKCS #10
   * @throws Refusal when it is none, when its sender doesn't have the key, or the key is weak
   */
  static PublicKey of(String pem) throws Refusal {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest parsed)) {
        throw refusal("this is no certificate request in PEM");
      }
      PublicKey key = new JcaPKCS10CertificationRequest(parsed).getPublicKey();
      if (!parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refusal("the request is not signed with its own key");
      }
      if (!isStrong(key)) {
        throw refusal("the key must be EC of at least 256 bits, or RSA of at least 2048");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException e) {
      throw refusal("the certificate request can't be read: " + e.getMessage());
    }
  }

  private static boolean isStrong(PublicKey key) {
    return switch (key) {
      case ECKey ec -> ec.getParams().getOrder().bitLength() >= SHORTEST_EC;
      case RSAKey rsa -> rsa.getModulus().bitLength() >= SHORTEST_RSA;
      default -> false;
    };
  }

  private static Refusal refusal(String message) {
    return new Refusal(HttpURLConnection.HTTP_BAD_REQUEST, message);
  }

  private RequestedKey() {}
}
