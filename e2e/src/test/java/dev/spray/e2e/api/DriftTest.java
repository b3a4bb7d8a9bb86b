package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever keeps a manifest sees no difference to what has become of it. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class DriftTest {
  /** Of whose platform every field follows that can. */
  private static final String EVERYTHING =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: everything}
      spec:
        platform:
          image: ray-gpu
          serviceAccountName: default
          placement: {imageStreaming: Required}
          head: {cpu: 4, memory: 8Gi}
          groups:
          - {groupName: spot, minReplicas: 1, maxReplicas: 4, capacity: Spot, cpu: "2"}
          - {groupName: tpu, replicas: 1, accelerator: {type: v6e, topology: 4x4}}
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

  static Stream<Named<String>> manifests() throws IOException {
    Stream.Builder<Named<String>> manifests = Stream.builder();
    try (Stream<Path> files = Files.list(Testbed.ROOT.resolve("examples"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        manifests.add(Named.of(file.getFileName().toString(), Files.readString(file)));
      }
    }
    return manifests.add(Named.of("all that can be written", EVERYTHING)).build();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void noToolSeesADifference(String manifest) {
    RayCluster wanted = Serialization.unmarshal(manifest, RayCluster.class);
    String name = wanted.getMetadata().getName();
    playground.apply(manifest);
    awaitReady(name);

    assertSynced(manifest, name);
    if (wanted.getSpec().platform() != null && !groups(name).isEmpty()) {
      scaleByHand(name);
      assertSynced(manifest, name);
    }

    long generation = playground.cluster(name).getMetadata().getGeneration();
    assertThat(argo(manifest, "apply").exitCode()).as("no conflict").isZero();
    assertThat(playground.cluster(name).getMetadata().getGeneration()).isEqualTo(generation);
    assertSynced(manifest, name);
    assertThat(argo(manifest, "diff").output()).isEmpty();
  }

  /** Else nothing would be proved. */
  @ParameterizedTest
  @MethodSource("manifests")
  void aDifferenceThatThereIsWouldBeSeen(String manifest) {
    String name = Serialization.unmarshal(manifest, RayCluster.class).getMetadata().getName();
    playground.apply(manifest);
    awaitReady(name);

    ObjectNode more = (ObjectNode) wanted(manifest);
    ((ObjectNode) more.get("spec")).put("suspend", true);
    ObjectNode less = (ObjectNode) wanted(manifest);
    String gone = less.get("spec").fieldNames().next();
    ((ObjectNode) less.get("spec")).remove(gone);
    assertThat(ThreeWayDiff.of(live(name), more)).containsExactly("/spec/suspend");
    assertThat(ThreeWayDiff.of(live(name), less)).containsExactly("/spec/" + gone);
  }

  private void assertSynced(String manifest, String name) {
    Kubectl.Result diff = playground.kubectl(manifest, "diff", "-f", "-");
    assertThat(diff.output()).isEmpty();
    assertThat(diff.exitCode()).isZero();
    assertThat(ThreeWayDiff.of(live(name), wanted(manifest))).isEmpty();
  }

  private Kubectl.Result argo(String manifest, String verb) {
    return playground.kubectl(
        manifest, verb, "--server-side", "--field-manager=argocd-controller", "-f", "-");
  }

  private void scaleByHand(String name) {
    int replicas = groups(name).getFirst().desiredReplicas();
    playground.patch(
        name,
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/0/replicas\", \"value\": %d}]"
            .formatted(replicas + 1));
    awaitReady(name);
  }

  private void awaitReady(String name) {
    Playground.await()
        .until(() ->
            playground.heads(name).size() == 1
                && playground.workers(name).size()
                    == groups(name).stream().mapToLong(WorkerGroupSpec::desiredPods).sum());
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue(name, ConditionTypes.READY);
  }

  private List<WorkerGroupSpec> groups(String name) {
    return playground.cluster(name).getSpec().workerGroupSpecs();
  }

  private JsonNode live(String name) {
    return tree(playground.kubectl("", "get", "raycluster", name, "-o", "json").output());
  }

  /**
   * The manifest with what KubeRay's schema, too, adds to each entry of a list: of a plain one Argo
   * CD's users know that already. A short one has no such list.
   */
  private static JsonNode wanted(String manifest) {
    JsonNode wanted = tree(manifest);
    wanted
        .at("/spec/workerGroupSpecs")
        .forEach(group -> ((ObjectNode) group).put("numOfHosts", 1).put("priority", 0));
    return wanted;
  }

  private static JsonNode tree(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }
}
