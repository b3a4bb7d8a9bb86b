package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Short manifests, before a real API server. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class PlatformTest {
  private static final Path SHIPPED = Testbed.ROOT.resolve("helm/sp-ray-operator/files/platform");

  private static final String SHORT =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: c}
      spec:
        platform:
          groups:
          - {groupName: a, replicas: 1, accelerator: {type: t4}}
          - {groupName: b, replicas: 2}
      """;

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aShortManifestIsCompletedAndShowsNoDrift() {
    playground.startOperator();
    playground.apply(SHORT);
    awaitReady(3);

    RayCluster cluster = playground.cluster("c");
    assertThat(cluster.getSpec().headGroupSpec()).isNotNull();
    assertThat(cluster.getSpec().rayVersion()).isEqualTo("2.60.0");
    assertThat(group("a").template().getSpec().getNodeSelector())
        .containsEntry("cloud.google.com/gke-accelerator", "nvidia-tesla-t4");
    assertThat(cluster.getSpec().authOptions().mode()).isEqualTo("token");
    assertThat(note().configuration()).isNotEmpty();
    assertThat(cluster.getStatus().platform().groups())
        .extracting(g -> g.groupName() + " " + g.cpu() + " " + g.accelerator())
        .containsExactly("a 15 t4", "b 15 null");

    Kubectl.Result diff = playground.kubectl(SHORT, "diff", "-f", "-");
    assertThat(diff.output()).isEmpty();
    assertThat(diff.exitCode()).isZero();
    assertThat(
            playground
                .kubectl(SHORT, "apply", "--server-side", "--field-manager=argocd", "-f", "-")
                .exitCode())
        .as("no conflict")
        .isZero();
    assertThat(playground.cluster("c").getMetadata().getGeneration())
        .isEqualTo(cluster.getMetadata().getGeneration());
  }

  @Test
  void anEmptyPlatformIsAHead() {
    playground.startOperator();
    playground.apply(
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata: {name: c}
        spec: {platform: {}}
        """);
    Playground.await().until(() -> playground.heads("c").size() == 1);
    playground.makeReady(playground.heads("c").getFirst());
    playground.awaitTrue("c", ConditionTypes.READY);

    assertThat(playground.workers("c")).isEmpty();
  }

  @Test
  void scalingByPatchAndByThePlatformMix() {
    playground.startOperator();
    playground.apply(SHORT);
    awaitReady(3);
    int b = index("b");
    playground.patch(
        "c",
        PatchType.JSON,
        "[{\"op\": \"replace\", \"path\": \"/spec/workerGroupSpecs/%d/replicas\", \"value\": 5}]"
            .formatted(b));
    awaitReady(6);

    playground.apply(SHORT.replace("type: t4", "type: l4"));
    Playground.await()
        .until(() ->
            "nvidia-l4"
                .equals(
                    group("a")
                        .template()
                        .getSpec()
                        .getNodeSelector()
                        .get("cloud.google.com/gke-accelerator")));
    assertThat(group("b").replicas()).as("scaled by a patch").isEqualTo(5);

    playground.apply(
        SHORT
            .replace("type: t4", "type: l4")
            .replace("groupName: b, replicas: 2", "groupName: b, replicas: 3"));
    Playground.await().until(() -> group("b").replicas() == 3);

    playground.patch("c", PatchType.JSON_MERGE, "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}");
    playground.apply(SHORT.replaceAll("(?m)^ +- \\{groupName: b.*\\n", ""));
    Playground.await()
        .until(() -> playground.cluster("c").getSpec().workerGroupSpecs().size() == 1);
    Playground.await().until(() -> playground.workers("c").size() == 1);
  }

  @Test
  void anotherConfigurationAndARestartChangeNothing(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("platform.yaml");
    Files.copy(SHIPPED.resolve("small.yaml"), file);
    playground.platform(file);
    var first = playground.startOperator();
    playground.apply(SHORT);
    awaitReady(3);
    String before = fingerprint();
    first.close();

    Files.writeString(file, Files.readString(SHIPPED.resolve("gke.yaml")));
    playground.startOperator();
    playground.apply(SHORT.replace("name: c", "name: d"));
    Playground.await().until(() -> playground.cluster("d").getSpec().headGroupSpec() != null);

    assertThat(fingerprint()).isEqualTo(before);
    assertThat(note().configuration())
        .isNotEqualTo(Completed.note(playground.cluster("d")).configuration());
  }

  @Test
  void whatCannotBeIsToldAndNothingIsHalfMade() {
    playground.startOperator();
    playground.apply(SHORT.replace("type: t4", "type: t5"));
    awaitStalled("there is no t5; possible are t4");
    assertThat(playground.cluster("c").getSpec().headGroupSpec()).isNull();
    assertThat(playground.pods()).isEmpty();

    playground.apply(SHORT);
    Playground.await().until(() -> playground.workers("c").size() == 3);

    playground.apply(SHORT.replace("{type: t4}", "{type: t4, count: 3}"));
    awaitStalled("no machine has 3 of t4; possible are 1, 2, 4");
    assertThat(playground.workers("c")).as("what runs is left").hasSize(3);
  }

  @Test
  void groupsFromBothSidesAreRefused() {
    playground.startOperator();
    playground.apply(
        SHORT
            + """
              headGroupSpec:
                template: {spec: {containers: [{name: ray, image: ray}]}}
            """);
    awaitStalled("choose one side");
    assertThat(playground.pods()).isEmpty();
  }

  @Test
  void aBadConfigurationIsRefusedAndTheLastGoodOneStays(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("platform.yaml");
    Files.writeString(file, "kind: Nonsense");
    playground.platform(file);
    playground.startOperator();
    playground.apply(SHORT);
    awaitStalled("there is no platform configuration: it must have apiVersion");

    Files.writeString(file, Files.readString(SHIPPED.resolve("small.yaml")));
    awaitReady(3);
    Files.writeString(file, "kind: Nonsense");
    playground.apply(SHORT.replace("name: c", "name: d"));
    Playground.await().until(() -> playground.workers("d").size() == 3);
  }

  private void awaitReady(int workers) {
    Playground.await().until(() -> playground.workers("c").size() == workers);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private void awaitStalled(String sentence) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.STALLED))
                .hasValueSatisfying(stalled -> {
                  assertThat(stalled.getStatus()).isEqualTo("True");
                  assertThat(stalled.getMessage()).contains(sentence);
                }));
  }

  /** Everything of the cluster that is neither status nor time. */
  private String fingerprint() {
    RayCluster cluster = playground.cluster("c");
    List<String> managers =
        cluster.getMetadata().getManagedFields().stream()
            .filter(entry -> entry.getSubresource() == null)
            .map(ManagedFieldsEntry::toString)
            .toList();
    List<String> pods =
        playground.workers("c").stream()
            .map(pod -> pod.getMetadata().getUid() + " " + pod.getMetadata().getResourceVersion())
            .toList();
    return cluster.getMetadata().getGeneration() + " " + managers + " " + pods;
  }

  private ResolvedNote note() {
    return Completed.note(playground.cluster("c"));
  }

  private WorkerGroupSpec group(String name) {
    return playground.cluster("c").getSpec().workerGroupSpecs().get(index(name));
  }

  private int index(String name) {
    List<String> names =
        playground.cluster("c").getSpec().workerGroupSpecs().stream()
            .map(WorkerGroupSpec::groupName)
            .toList();
    return names.indexOf(name);
  }

  /** Reads what the operator remembers. */
  private static final class Completed {
    static ResolvedNote note(RayCluster cluster) {
      return ResolvedNote.read(cluster.getMetadata().getAnnotations().get(ResolvedNote.ANNOTATION))
          .orElseThrow();
    }

    private Completed() {}
  }
}
