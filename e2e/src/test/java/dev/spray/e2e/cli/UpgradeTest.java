package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster follows the platform as it is by now when it is asked to, and only then. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class UpgradeTest {
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
  void whatThePlatformHasByNowComesWithUpgradeAlone(@TempDir Path dir) throws IOException {
    String small = Files.readString(Playground.SMALL);
    Path file = Files.writeString(dir.resolve("platform.yaml"), small);
    playground.platform(file);
    var first = playground.startOperator();
    playground.apply(Manifests.platform("c", 2));
    Playground.await().until(() -> spec().headGroupSpec() != null);
    String group = spec().workerGroupSpecs().getFirst().groupName();
    first.close();

    Files.writeString(
        file,
        small
            .replace("rayVersion: 2.60.0", "rayVersion: 2.61.0")
            .replace("authentication: Token", "authentication: Disabled"));
    playground.startOperator();
    playground.apply(Manifests.platform("c", 3));
    Playground.await().until(() -> spec().workerGroupSpecs().getFirst().replicas() == 3);
    assertThat(spec().rayVersion()).isEqualTo("2.60.0");
    assertThat(spec().authOptions().mode()).as("the head asks for it").isEqualTo("token");

    SpRayCli.Result scaled =
        spRay.run("scale", "cluster", "c", "--worker-group", group, "--replicas", "4");
    assertThat(scaled.exitCode()).as(scaled.err()).isZero();
    SpRayCli.Result upgraded = spRay.run("upgrade", "cluster", "c");

    assertThat(upgraded.exitCode()).as(upgraded.err()).isZero();
    assertThat(upgraded.out())
        .isEqualTo("Upgraded cluster c in namespace %s\n".formatted(playground.namespace()));
    assertThat(spec().rayVersion()).isEqualTo("2.61.0");
    assertThat(spec().authOptions()).isNull();
    assertThat(spec().workerGroupSpecs().getFirst().replicas()).as("scaled since").isEqualTo(4);
  }

  @Test
  void aPlainClusterFollowsNoPlatform() {
    playground.apply(Manifests.cluster("plain", 1));

    SpRayCli.Result upgraded = spRay.run("upgrade", "cluster", "plain");

    assertThat(upgraded.exitCode()).isNotZero();
    assertThat(upgraded.out()).isEmpty();
    assertThat(upgraded.err()).contains("cluster plain is written out as a whole");
  }

  private RayClusterSpec spec() {
    return playground.cluster("c").getSpec();
  }
}
