package dev.spray.e2e.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real Ray behind certificates that its pods have asked for. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class EncryptionTest {
  /** Runs a task on each of as many workers as it is told, and prints where. */
  private static final String WHERE =
      """
      import ray, socket
      from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy
      ray.init(logging_level="ERROR")

      group = ray.util.placement_group([{"CPU": 1}] * %d, strategy="STRICT_SPREAD")

      @ray.remote(num_cpus=1)
      def where():
          return socket.gethostname()

      def on(bundle):
          return PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=bundle)

      tasks = [where.options(scheduling_strategy=on(i)).remote() for i in range(group.bundle_count)]
      print("tasks ran on:", *ray.get(tasks))
      """;

  /** What the GCS says to the beginning of HTTP/2, as gRPC speaks it. */
  private static final String KNOCK =
      """
      import os, socket, ssl

      HOST = os.environ["RAY_CLUSTER_NAME"] + "-head-svc"
      TLS = "/etc/ray/tls/"

      def knock(certificate=None, encrypted=True):
          connection = socket.create_connection((HOST, 6379), timeout=20)
          try:
              if encrypted:
                  context = ssl.create_default_context(cafile=TLS + "ca.crt")
                  context.set_alpn_protocols(["h2"])
                  if certificate:
                      context.load_cert_chain(*certificate)
                  connection = context.wrap_socket(connection, server_hostname=HOST)
              connection.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
              return "answered" if connection.recv(9)[3:4] == b"\\x04" else "refused"
          except OSError:
              return "refused"

      print("with its own:", knock((TLS + "tls.crt", TLS + "tls.key")))
      print("with anybody's:", knock(("/tmp/any.crt", "/tmp/any.key")))
      print("without one:", knock())
      print("without encryption:", knock(encrypted=False))
      """;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aClusterFormsAndGrowsAndNobodyGetsInWithoutACertificate() throws IOException {
    playground.apply(
        Manifests.encrypted(Files.readString(Testbed.ROOT.resolve("examples/raycluster.yaml"))));
    playground.awaitTrue("hello", ConditionTypes.READY);
    RayHead head = new RayHead(playground, "hello");
    String worker = playground.workers("hello").getFirst().getMetadata().getName();

    assertThat(head.python(WHERE.formatted(1))).contains(worker);
    assertNobodyGetsInWithoutACertificate(head);

    List<Secret> secrets = secrets();
    List<Pod> pods = playground.pods();
    playground.patch(
        "hello",
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": 2}]");
    Playground.await().until(() -> playground.workers("hello").size() == 2);
    playground.awaitTrue("hello", ConditionTypes.READY);

    assertThat(playground.pods()).as("none was changed").containsAll(pods);
    assertThat(secrets()).as("nothing was reissued").isEqualTo(secrets);
    RayHead.await().until(() -> head.nodes().size() == 3);
    assertThat(head.python(WHERE.formatted(2)))
        .contains(
            playground.workers("hello").stream().map(pod -> pod.getMetadata().getName()).toList());
  }

  private static void assertNobodyGetsInWithoutACertificate(RayHead head) {
    head.bash(
        "",
        "cd /tmp && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
            + " -subj /CN=anybody -keyout any.key -out any.crt");

    assertThat(head.python(KNOCK).lines())
        .containsExactly(
            "with its own: answered",
            "with anybody's: refused",
            "without one: refused",
            "without encryption: refused");
  }

  @Test
  void theAutoscalerTakesPart() {
    playground.apply(Manifests.elastic("tlsOptions: {enabled: true}", 300));
    playground.awaitTrue("elastic", ConditionTypes.READY);

    assertThat(new RayHead(playground, "elastic").python(WHERE.formatted(1)))
        .contains("elastic-small-");
  }

  private List<Secret> secrets() {
    return playground.admin().secrets().inNamespace(playground.namespace()).list().getItems();
  }
}
