package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.CertificateRequest;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.resources.Signing;
import dev.spray.operator.runtime.Options;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of encrypted clusters, and who gets them. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class EncryptionTest {
  @TempDir private Path dir;

  private Playground playground;
  private CertificateRequest request;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    request = new CertificateRequest(playground, dir);
    playground
        .admin()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(playground.namespace())
                .withName("ray")
                .endMetadata()
                .build())
        .create();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theAuthorityIsMadeOnceAndNothingIsReissued(Testbed testbed) {
    RayOperator first = playground.startOperator();
    playground.apply(encrypted(2));
    awaitWorkers(2);
    makeAllReady();
    Secret authority = authority();
    List<Pod> before = playground.pods();
    first.close();

    playground.startOperator();
    playground.apply(encrypted(5));
    awaitWorkers(5);
    makeAllReady();

    assertThat(authority()).isEqualTo(authority);
    assertThat(playground.pods()).containsAll(before);
    assertThat(Audit.requests(testbed, playground))
        .filteredOn(request -> request.resource().equals("secrets"))
        .extracting(Audit.Request::verb)
        .containsOnly("create", "get")
        .containsOnlyOnce("create");
    assertThat(playground.eventReasons()).containsOnlyOnce("MTLSPKIReady");
  }

  @Test
  void itIsDeletedWithItsCluster() {
    playground.startOperator();
    playground.apply(encrypted(1));
    awaitWorkers(1);

    assertThat(authority().getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner ->
            assertThat(owner.getUid()).isEqualTo(playground.cluster("c").getMetadata().getUid()));
  }

  @Test
  void anAuthorityThatWasLostIsNotReplacedUnderRunningPods() {
    playground.startOperator();
    playground.apply(encrypted(1));
    awaitWorkers(1);
    makeAllReady();
    Secret authority = authority();
    playground.admin().resource(authority).delete();

    playground.apply(encrypted(2));
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(failure ->
                    assertThat(failure.getMessage())
                        .contains("there is no Secret " + authority.getMetadata().getName())
                        .contains("put it back, or suspend the cluster and resume it")));
    assertThat(playground.workers("c")).hasSize(1);

    playground
        .admin()
        .resource(
            new SecretBuilder(authority)
                .editMetadata()
                .withUid(null)
                .withResourceVersion(null)
                .endMetadata()
                .build())
        .create();
    awaitWorkers(2);
  }

  @Test
  void aPodGetsACertificateForItsOwnNamesAlone() throws Exception {
    playground.startOperator();
    playground.apply(encrypted(1));
    awaitWorkers(1);
    makeAllReady();

    X509Certificate head = certificate(request.by(playground.heads("c").getFirst()));
    X509Certificate worker = certificate(request.by(playground.workers("c").getFirst()));

    assertThat(head.getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .contains("10.0.0.1", "c-head-svc." + playground.namespace() + ".svc.cluster.local");
    assertThat(worker.getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .contains("10.0.0.1")
        .noneMatch(name -> name.contains("head"));
  }

  @Test
  void nobodyElseGetsOne() {
    playground.startOperator();
    playground.apply(encrypted(0));
    playground.apply(
        Manifests.encrypted(Manifests.head("soon-plain"))
            .replace("      spec:\n", "      spec:\n        serviceAccountName: ray\n"));
    Playground.await().until(() -> playground.pods().size() == 2);
    makeAllReady();
    Pod head = playground.heads("c").getFirst();

    assertThat(request.by(head, "https://kubernetes.default.svc", "10.0.0.1").log())
        .as("a token for the API server")
        .contains("the token is not one that a pod got for " + Signing.AUDIENCE);
    assertThat(request.by(head, Signing.AUDIENCE, "10.0.0.2").log())
        .as("another pod's address")
        .contains("the pod has the addresses 10.0.0.2, and its status says [10.0.0.1]");

    playground.apply(
        Manifests.head("soon-plain")
            .replace("      spec:\n", "      spec:\n        serviceAccountName: ray\n"));
    Playground.await().until(() -> !playground.cluster("soon-plain").getSpec().encrypted());
    Playground.await()
        .untilAsserted(() ->
            assertThat(request.by(playground.heads("soon-plain").getFirst()).exitCode())
                .as("a pod of a cluster without encryption")
                .isNotZero());
  }

  /** Otherwise no pod would start while the lease changes hands. */
  @Test
  void whoDoesNotLeadSignsTheSame() throws Exception {
    RayOperator leader = playground.startOperator();
    playground.apply(encrypted(0));
    Playground.await().until(() -> playground.heads("c").size() == 1);
    makeAllReady();
    leader.close();
    playground.startOperator(
        playground.operatorConfig(),
        (config, options) -> new RayOperator(config, on(leader.signingPort(), options)));

    assertThat(certificate(request.by(playground.heads("c").getFirst()))).isNotNull();
  }

  /** It contends for a lease over which it has no rights. */
  private static Options on(int port, Options options) {
    return new Options(
        options.watchNamespaces(),
        true,
        options.leaseNamespace(),
        "of-somebody-else",
        options.identity(),
        0,
        0,
        port,
        options.signingUrl(),
        options.shutdownGrace(),
        options.pods(),
        options.children(),
        options.platformConfiguration(),
        options.decoratesPlain(),
        options.randomPodDelete(),
        options.scheduler());
  }

  /** As cert-manager would make it, for example. */
  @Test
  void anAuthorityCanBeGiven() throws Exception {
    playground.startOperator();
    playground.apply(encrypted(0));
    Playground.await().until(() -> playground.heads("c").size() == 1);
    Secret authority = authority();
    playground
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(playground.namespace())
                .withName("ours")
                .endMetadata()
                .withType(authority.getType())
                .withData(authority.getData())
                .build())
        .create();

    playground.apply(
        Manifests.encrypted(Manifests.head("given"))
            .replace("      spec:\n", "      spec:\n        serviceAccountName: ray\n")
            .replace(
                "  name: given\n",
                "  name: given\n  annotations: {%s: ours}\n"
                    .formatted(RayLabels.CERTIFICATE_AUTHORITY)));

    Playground.await().until(() -> playground.heads("given").size() == 1);
    makeAllReady();
    assertThat(certificate(request.by(playground.heads("given").getFirst()))).isNotNull();
    assertThat(secrets()).hasSize(2);
  }

  private static String encrypted(int workers) {
    return Manifests.encrypted(Manifests.cluster("c", workers))
        .replace("      spec:\n", "      spec:\n        serviceAccountName: ray\n");
  }

  private void awaitWorkers(int number) {
    Playground.await().until(() -> playground.workers("c").size() == number);
  }

  private void makeAllReady() {
    playground.pods().stream()
        .filter(pod -> !"Running".equals(pod.getStatus().getPhase()))
        .forEach(playground::makeReady);
  }

  private Secret authority() {
    return secrets().stream()
        .filter(secret -> secret.getMetadata().getName().startsWith("c-ca-secret-"))
        .findFirst()
        .orElseThrow();
  }

  private List<Secret> secrets() {
    return playground.admin().secrets().inNamespace(playground.namespace()).list().getItems();
  }

  private static X509Certificate certificate(CertificateRequest.Result result)
      throws IOException, GeneralSecurityException {
    assertThat(result.exitCode()).as(result.log()).isZero();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    try (var own = Files.newInputStream(result.certificate());
        var authority = Files.newInputStream(result.authority())) {
      X509Certificate certificate = (X509Certificate) factory.generateCertificate(own);
      certificate.verify(factory.generateCertificate(authority).getPublicKey());
      return certificate;
    }
  }
}
