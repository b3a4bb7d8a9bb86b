package dev.spray.operator.signing;

import java.security.KeyPair;
import java.security.PrivateKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Certificate requests, right ones and others. */
final class Requests {

  /** With a key of its own. */
  static String good() {
    return of(Authority.keys());
  }

  static String of(KeyPair keys) {
    return of(keys, keys.getPrivate());
  }

  /**
   * A request.
   *
   * @param signing the key that it is signed with
   */
  static String of(KeyPair keys, PrivateKey signing) {
    try {
      String algorithm = signing.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return Authority.pem(
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Principal("CN=anybody"), keys.getPublic())
              .build(new JcaContentSignerBuilder(algorithm).build(signing)));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Requests() {}
}
