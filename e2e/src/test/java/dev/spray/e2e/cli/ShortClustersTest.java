package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spray.api.platform.Extension;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubeconfigs;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the command line does with the platform, and to clusters that it completes. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ShortClustersTest {
  @TempDir private Path home;

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
  void theGpusOfThePlatformAreShownToWhoMayReadIt() {
    SpRayCli.Result gpus = spRay.run("get", "gpus");

    assertThat(gpus.exitCode()).as(gpus.err()).isZero();
    assertThat(gpus.out())
        .startsWith("can be asked for\n")
        .containsPattern("\n  t4 +1, 2, 4 +nvidia-tesla-t4\n")
        .contains("  capacity: OnDemand, Spot, FlexStart, Reservation\n")
        .endsWith("on the nodes that there are now\n  none\n");
    assertThat(gpus.err()).isEmpty();
  }

  @Test
  void whoMayNotReadThePlatformIsToldSoAndSeesNodes() throws IOException {
    SpRayCli nobody = nobody();
    SpRayCli.Result nothing = nobody.run("get", "gpus");
    assertThat(nothing.exitCode()).isEqualTo(4);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err())
        .contains("error: neither the platform nor its nodes")
        .contains("ConfigMap sp-ray-operator-platform in namespace ray-system")
        .contains("try:   ask the platform team");

    playground.apply(seesNodes(playground.namespace()));
    try {
      SpRayCli.Result nodes = nobody.run("get", "gpus");
      assertThat(nodes.exitCode()).as(nodes.err()).isZero();
      assertThat(nodes.out()).isEqualTo("on the nodes that there are now\n  none\n");
      assertThat(nodes.err()).startsWith("What can be asked for isn't shown: you may not read");
    } finally {
      var _ =
          playground.kubectl(
              "",
              "delete",
              "clusterrole/" + playground.namespace(),
              "clusterrolebinding/" + playground.namespace());
    }
  }

  private SpRayCli nobody() throws IOException {
    playground.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody}}");
    Path kubeconfig = home.resolve("nobody");
    Files.writeString(kubeconfig, Kubeconfigs.write(playground.configOf("nobody")));
    return new SpRayCli(kubeconfig, playground.namespace());
  }

  private static String seesNodes(String name) {
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: NAME}
    rules:
    - {apiGroups: [""], resources: [nodes], verbs: [list]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: NAME}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAME}
    subjects:
    - {kind: ServiceAccount, name: nobody, namespace: NAME}
    """
        .replace("NAME", name);
  }

  @Test
  void aClusterThatGoesByItselfIsKeptLonger() {
    created("--ttl", "14d");

    SpRayCli.Result first = spRay.run("extend", "cluster", "c", "--by", "4h");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(keptUntil())
        .isCloseTo(Instant.now().plus(Duration.ofHours(4)), within(2, ChronoUnit.MINUTES));
    assertThat(first.out()).contains("stays until " + keptUntil() + " at least");

    Instant before = keptUntil();
    assertThat(spRay.run("extend", "cluster", "c", "--by", "1d").exitCode()).isZero();
    assertThat(keptUntil()).isEqualTo(before.plus(Duration.ofDays(1)));
  }

  private Instant keptUntil() {
    return Instant.parse(
        playground.cluster("c").getMetadata().getAnnotations().get(Extension.ANNOTATION));
  }

  @Test
  void whatNobodyTakesAwayNeedsNoExtension() {
    created();
    SpRayCli.Result result = spRay.run("extend", "cluster", "c", "--by", "4h");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("error: cluster c doesn't go by itself");
  }

  /** What can't be had is told at once, with what to do. */
  @Test
  void aWorkspaceThatNobodyCouldOpenIsRefusedInWords() {
    playground.platform(Playground.SMALL);
    playground.startOperator();
    SpRayCli.Result result = spRay.run("create", "cluster", "c", "--workspace-size", "5Gi");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("error: cluster c can't be carried out as it stands")
        .contains("cause: ")
        .contains("spec.platform.workspace: nothing in it can be opened")
        .contains("try:   sp-ray edit cluster c -n " + playground.namespace());
    assertThat(spRay.run("update", "cluster", "c", "--ssh").exitCode()).isZero();
    Playground.await().until(() -> playground.heads("c").size() == 1);
  }

  private void created(String... flags) {
    String[] line =
        Arrays.copyOf(new String[] {"create", "cluster", "c", "--no-wait"}, 4 + flags.length);
    System.arraycopy(flags, 0, line, 4, flags.length);
    SpRayCli.Result result = spRay.run(line);
    assertThat(result.exitCode()).as(result.err()).isZero();
  }
}
