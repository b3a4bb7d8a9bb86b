package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the command line behaves towards people, on a terminal and off it. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class HandlingTest {
  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aPersonIsAskedBeforeAClusterIsDeleted() {
    playground.apply(Manifests.cluster("c", 1));

    assertThat(answered("n", "delete", "cluster", "c")).isEqualTo(130);
    assertThat(playground.cluster("c")).isNotNull();
    assertThat(answered("y", "delete", "cluster", "c")).isZero();
    assertThat(playground.cluster("c")).isNull();
  }

  /** The exit code of a command that asks once. */
  private int answered(String answer, String... command) {
    SpRayCli.Running asking = spRay.startOnTerminal(command);
    Playground.await()
        .untilAsserted(() ->
            assertThat(asking.printed())
                .contains(
                    "Delete c with 1 workers from namespace "
                        + playground.namespace()
                        + "? [y/N]"));
    asking.type(answer + "\n");
    return asking.result().exitCode();
  }

  @Test
  void allAreDeletedUnaskedOnlyIfThatIsSaid() {
    playground.apply(Manifests.head("c"));
    SpRayCli.Result unsaid = spRay.run("delete", "clusters", "--all");
    assertThat(unsaid.exitCode()).isEqualTo(1);
    assertThat(unsaid.err()).contains("nobody can be asked").contains("try:   add --yes");
    assertThat(playground.cluster("c")).isNotNull();
    assertThat(spRay.run("delete", "clusters", "--all", "--yes").exitCode()).isZero();
    assertThat(playground.cluster("c")).isNull();
  }

  @Test
  void changesAreWatched() {
    playground.apply(Manifests.cluster("c", 1));
    SpRayCli.Running watching = spRay.start("get", "clusters", "--watch");
    Playground.await()
        .untilAsserted(() ->
            assertThat(watching.printed())
                .as(watching.said())
                .startsWith("NAME ")
                .containsPattern("\nc +\\d.* 1\n"));
    playground.apply(Manifests.cluster("c", 3));
    Playground.await()
        .untilAsserted(() -> assertThat(watching.printed()).containsPattern("\nc +\\d.* 3\n"));
    watching.interrupt();
    assertThat(watching.result().exitCode()).isEqualTo(130);
  }

  @Test
  void aDryRunAsksTheApiServerAndChangesNothing() {
    SpRayCli.Result created =
        spRay.runWith(Manifests.head("c"), "create", "cluster", "-f", "-", "--dry-run=server");
    assertThat(created.exitCode()).as(created.err()).isZero();
    assertThat(created.out()).contains("kind: RayCluster").contains("  uid: ");
    assertThat(playground.cluster("c")).isNull();

    playground.apply(Manifests.cluster("c", 1));
    assertThat(spRay.run("scale", "cluster", "c", "--replicas", "3", "--dry-run=server").out())
        .contains("(server dry run)");
    assertThat(playground.cluster("c").getSpec().workerGroupSpecs().getFirst().replicas())
        .isEqualTo(1);
  }

  /** The editor of these tests writes {@code replicas: 2} for {@code replicas: 1}. */
  @Test
  void aClusterIsEdited() {
    playground.apply(Manifests.cluster("c", 1));
    SpRayCli.Result edited = spRay.run("edit", "cluster", "c");
    assertThat(edited.exitCode()).as(edited.err()).isZero();
    assertThat(edited.out()).startsWith("Edited cluster c");
    assertThat(playground.cluster("c").getSpec().workerGroupSpecs().getFirst().replicas())
        .isEqualTo(2);
    assertThat(spRay.run("edit", "cluster", "c").out()).isEqualTo("Nothing was changed\n");
  }

  @Test
  void theDoctorLooksAround() {
    playground.apply(Manifests.head("c"));
    // Other tests leave leases of operators that are gone where an operator is looked for.
    SpRayCli.Result found = spRay.run("doctor", "--operator-namespace", playground.namespace());
    assertThat(found.exitCode()).as(found.out()).isZero();
    assertThat(found.out())
        .containsPattern("API server +ok +v1\\.")
        .containsPattern("kind RayCluster +ok +served, with spec\\.platform")
        .containsPattern("clusters +warning +c is unattended");
  }

  @Test
  void kubectlKnowsItAsAPlugin() {
    SpRayCli.Result version = spRay.runAsPlugin("version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).containsPattern("sp-ray +0\\.1\\.0\nkubernetes +v1\\.");
  }
}
