package dev.spray.e2e.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters go from one operator to the other, with a KubeRay that somebody has built. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
@EnabledIfEnvironmentVariable(
    named = HandBackTest.KUBERAY,
    matches = ".+",
    disabledReason = "no path of a KubeRay operator is given")
class HandBackTest {
  static final String KUBERAY = "SP_RAY_KUBERAY";

  /** It watches them as well, and ends when it can't. */
  private static final List<String> OTHER_KINDS = List.of("RayJob", "RayService");

  private static final List<String> CLUSTERS = List.of("plain", "everything");

  private Playground playground;
  private List<CustomResourceDefinition> others;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    others = OTHER_KINDS.stream().map(HandBackTest::anyOf).toList();
    others.forEach(crd -> {
      var _ = playground.admin().resource(crd).serverSideApply();
    });
  }

  @AfterEach
  void tearDown() {
    others.forEach(crd -> playground.admin().resource(crd).delete());
    playground.close();
  }

  @Test
  void aClusterOfOursKeepsItsPodsUnderKubeRayAndComesBack(Testbed testbed) throws Exception {
    RayOperator ours = playground.startOperator();
    ready();
    ours.close();
    Set<String> pods = pods();
    Map<String, String> children = services();

    Process kubeRay = start(testbed);
    CLUSTERS.forEach(cluster -> awaitWrittenByAnother(cluster, true));
    playground.apply(Manifests.cluster("plain", 3));
    Playground.await().until(() -> playground.workers("plain").size() == 3);
    playground.pods().forEach(playground::makeReady);
    assertThat(pods()).as("all are there, and one more").containsAll(pods).hasSize(pods.size() + 1);
    assertThat(services()).isEqualTo(children);
    stop(kubeRay);

    takenOverWithoutAWriteOfAPod(testbed);
  }

  @Test
  void aClusterOfKubeRaysKeepsItsPodsUnderOurs(Testbed testbed) throws Exception {
    Process kubeRay = start(testbed);
    ready();
    stop(kubeRay);

    takenOverWithoutAWriteOfAPod(testbed);
  }

  private void ready() {
    playground.apply(Manifests.cluster("plain", 2));
    playground.apply(Manifests.everything("everything", 1));
    Playground.await().until(() -> playground.pods().size() == 3 + 2);
    playground.pods().forEach(playground::makeReady);
    CLUSTERS.forEach(cluster -> playground.awaitTrue(cluster, ConditionTypes.PROVISIONED));
  }

  private void takenOverWithoutAWriteOfAPod(Testbed testbed) {
    Set<String> pods = pods();
    Instant start = Instant.now();
    RayOperator ours = playground.startOperator();
    CLUSTERS.forEach(cluster -> {
      awaitWrittenByAnother(cluster, false);
      playground.awaitTrue(cluster, ConditionTypes.READY);
    });
    ours.close();
    assertThat(pods()).isEqualTo(pods);
    List<Audit.Request> writes =
        Audit.requests(testbed, playground).stream()
            .filter(request -> !request.at().isBefore(start))
            .filter(request -> !List.of("get", "list").contains(request.verb()))
            .toList();
    assertThat(writes)
        .noneMatch(write -> write.resource().startsWith("pods"))
        .noneMatch(write -> write.verb().startsWith("delete"));
    assertThat(writes)
        .filteredOn(write -> write.resource().equals("rayclusters/status"))
        .hasSize(CLUSTERS.size());
  }

  private void awaitWrittenByAnother(String cluster, boolean another) {
    Playground.await()
        .until(() -> {
          RayCluster found = playground.cluster(cluster);
          return found.getStatus() != null && found.getStatus().writtenByAnother() == another;
        });
  }

  private Set<String> pods() {
    return playground.pods().stream().map(HandBackTest::identity).collect(Collectors.toSet());
  }

  private static String identity(Pod pod) {
    return pod.getMetadata().getName()
        + " "
        + pod.getMetadata().getUid()
        + " "
        + pod.getMetadata().getDeletionTimestamp();
  }

  private Map<String, String> services() {
    return playground
        .admin()
        .services()
        .inNamespace(playground.namespace())
        .list()
        .getItems()
        .stream()
        .map(HasMetadata::getMetadata)
        .collect(Collectors.toMap(meta -> meta.getName(), meta -> meta.getUid()));
  }

  private Process start(Testbed testbed) throws IOException {
    Path log = Files.createTempFile("kuberay-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                System.getenv(KUBERAY),
                "--watch-namespace=" + playground.namespace(),
                "--enable-leader-election=false",
                "--metrics-addr=:0",
                "--health-probe-bind-address=:0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", testbed.kubeconfig().toString());
    return builder.start();
  }

  private static void stop(Process kubeRay) throws InterruptedException {
    assertThat(kubeRay.isAlive()).as("KubeRay is still at work").isTrue();
    kubeRay.destroy();
    kubeRay.waitFor();
  }

  private static CustomResourceDefinition anyOf(String kind) {
    String singular = kind.toLowerCase(Locale.ROOT);
    return new CustomResourceDefinitionBuilder()
        .withNewMetadata()
        .withName(singular + "s.ray.io")
        .endMetadata()
        .withNewSpec()
        .withGroup("ray.io")
        .withScope("Namespaced")
        .withNewNames()
        .withKind(kind)
        .withPlural(singular + "s")
        .withSingular(singular)
        .endNames()
        .addNewVersion()
        .withName("v1")
        .withServed(true)
        .withStorage(true)
        .withNewSchema()
        .withNewOpenAPIV3Schema()
        .withType("object")
        .withXKubernetesPreserveUnknownFields(true)
        .endOpenAPIV3Schema()
        .endSchema()
        .withNewSubresources()
        .withNewStatus()
        .endStatus()
        .endSubresources()
        .endVersion()
        .endSpec()
        .build();
  }
}
