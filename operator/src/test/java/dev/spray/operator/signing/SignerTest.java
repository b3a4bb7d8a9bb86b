package dev.spray.operator.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.api.RayLabels;
import dev.spray.operator.Clusters;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SignerTest {
  private final Given given = new Given();
  private final KnownAuthorities authorities = new KnownAuthorities(given, () -> Given.NOW);
  private final Signer signer = new Signer(given, authorities, "cluster.local", () -> Given.NOW);

  @Test
  void aWorkerIsAServerUnderItsAddressesAlone() throws Exception {
    X509Certificate certificate =
        certificate(signer.sign("demo-worker", "fd00::2,10.0.0.2", Requests.good()));

    certificate.verify(given.authority().certificate().getPublicKey());
    assertThat(names(certificate))
        .containsExactlyInAnyOrder(
            "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.2", "fd00:0:0:0:0:0:0:2");
    assertThat(certificate.getExtendedKeyUsage())
        .as("server and client")
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=demo-worker");
  }

  @Test
  void aHeadIsOneUnderTheNamesOfItsServiceToo() throws Exception {
    given.clusterIp = "10.96.0.7";

    X509Certificate certificate =
        certificate(signer.sign("demo-head", "10.0.0.1", Requests.good()));

    assertThat(names(certificate))
        .contains(
            "10.0.0.1",
            "10.96.0.7",
            "demo-head-svc",
            "demo-head-svc.playground",
            "demo-head-svc.playground.svc",
            "demo-head-svc.playground.svc.cluster.local");
  }

  /** Ray reads its certificate once: it must not end before the cluster does. */
  @Test
  void itLastsAsLongAsTheAuthority() throws Exception {
    X509Certificate authority = given.authority().certificate();

    X509Certificate certificate =
        certificate(signer.sign("demo-head", "10.0.0.1", Requests.good()));

    assertThat(certificate.getNotAfter()).isEqualTo(authority.getNotAfter());
    assertThat(certificate.getNotBefore()).isAfterOrEqualTo(authority.getNotBefore());
    assertThat(authority.getNotAfter().toInstant())
        .isAfter(authority.getNotBefore().toInstant().plus(Authority.LIFE));
  }

  @Test
  void aTokenThatNoPodGotHereIsRefused() {
    assertRefused(401, "is not one that a pod got", () -> sign("somebody", "10.0.0.1"));
  }

  @Test
  void aPodThatWasMadeAnewUnderTheNameIsAnotherOne() {
    given.pods.get("demo-head").getMetadata().setUid("another");

    assertRefused(403, "no such pod", () -> sign("demo-head", "10.0.0.1"));
  }

  @Test
  void aPodOfSomethingElseIsRefused() {
    given.pods.get("demo-head").getMetadata().getOwnerReferences().getFirst().setUid("another");
    assertRefused(403, "none of an encrypted RayCluster", () -> sign("demo-head", "10.0.0.1"));

    given.pods.get("demo-worker").getMetadata().getLabels().remove(RayLabels.IS_RAY_NODE);
    assertRefused(
        403, "none of an encrypted RayCluster", () -> sign("demo-worker", "10.0.0.2,fd00::2"));
  }

  @Test
  void withoutEncryptionNobodyGetsOne() {
    given.cluster = Clusters.named("demo").build();

    assertRefused(403, "none of an encrypted RayCluster", () -> sign("demo-head", "10.0.0.1"));
  }

  /** What a pod says of itself must be what its kubelet says, which comes a moment later. */
  @Test
  void addressesOfOthersAreNotSigned() {
    assertRefused(409, "its status says [10.0.0.1]", () -> sign("demo-head", "10.0.0.9"));
    assertRefused(409, "its status says", () -> sign("demo-head", "10.0.0.1,10.0.0.9"));
    given.add("demo-young", RayLabels.WORKER);
    assertRefused(409, "its status says []", () -> sign("demo-young", ""));
  }

  @Test
  void aRequestMustBeSoundAndItsKeyStrong() throws GeneralSecurityException {
    assertRefused(400, "no certificate request", () -> sign("demo-head", "10.0.0.1", "hello"));
    String foreign = Requests.of(Authority.keys(), Authority.keys().getPrivate());
    assertRefused(400, "not signed with its own", () -> sign("demo-head", "10.0.0.1", foreign));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    String weak = Requests.of(rsa.generateKeyPair());
    assertRefused(400, "must be EC of at least", () -> sign("demo-head", "10.0.0.1", weak));
    rsa.initialize(2048);
    String strong = Requests.of(rsa.generateKeyPair());
    assertThat(certificateOf(strong).getPublicKey().getAlgorithm()).isEqualTo("RSA");
  }

  @Test
  void withoutAnAuthorityThereIsNoneYet() {
    var secret = given.secret;
    given.secret = Optional.empty();
    assertRefused(503, "no Secret demo-ca-secret-", () -> sign("demo-head", "10.0.0.1"));

    given.secret = secret;
    assertThat(certificateOf(Requests.good())).isNotNull();
  }

  @Test
  void aSecretWithoutAnAuthorityIsTold() {
    given.secret = given.secret.map(one -> one.edit().withData(Map.of()).build());
    assertThatThrownBy(() -> sign("demo-head", "10.0.0.1"))
        .hasMessageContaining("can't be read: it has no tls.crt");
  }

  /** The key of another one. */
  @Test
  void anAuthorityThatDoesNotFitItselfSignsNothing() {
    Map<String, String> data =
        Map.of(
            "tls.crt", given.secret.orElseThrow().getData().get("tls.crt"),
            "tls.key", Authority.make("a", "b", Given.NOW).data().get("tls.key"));
    given.secret = given.secret.map(one -> one.edit().withData(data).build());
    assertThatThrownBy(() -> sign("demo-head", "10.0.0.1")).hasMessageContaining("can't sign");
  }

  @Test
  void aThousandWorkersCostOneReadOfIt() throws Refusal {
    for (int i = 0; i < 20; i++) {
      sign("demo-head", "10.0.0.1");
    }
    assertThat(given.reads).isEqualTo(1);
  }

  private String sign(String token, String podIps) throws Refusal {
    return sign(token, podIps, Requests.good());
  }

  private String sign(String token, String podIps, String request) throws Refusal {
    return signer.sign(token, podIps, request);
  }

  private X509Certificate certificateOf(String request) {
    try {
      return certificate(sign("demo-head", "10.0.0.1", request));
    } catch (Refusal | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(int code, String message, ThrowingCallable signing) {
    assertThatThrownBy(signing)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
  }

  private static List<String> names(X509Certificate certificate) throws GeneralSecurityException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names.stream().map(name -> name.get(1).toString()).toList();
  }
}
