package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ray's autoscaler deletes a cluster that nobody uses; the requests are those of Ray 2.60. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class IdleDeletionTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
    playground.apply(
        Manifests.cluster("c", 1)
            + """
              enableInTreeAutoscaling: true
              autoscalerOptions: {version: v2}
              idleTerminationOptions: {timeoutSeconds: 600, policy: Delete}
            """);
    Playground.await().until(() -> playground.pods().size() == 2);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void theClusterIsLetGo() {
    addFinalizer("/metadata/finalizers", "[\"" + RayLabels.IDLE_FINALIZER + "\"]");
    delete();

    Playground.await().until(() -> playground.cluster("c") == null);
    // Events are recorded in the background.
    Playground.await()
        .untilAsserted(
            () -> assertThat(playground.eventReasons()).contains("DeletedIdleRayCluster"));
  }

  @Test
  void whatElseHoldsItIsNotTakenAway() {
    addFinalizer("/metadata/finalizers", "[\"example.com/wait\"]");
    addFinalizer("/metadata/finalizers/-", "\"" + RayLabels.IDLE_FINALIZER + "\"");
    delete();

    Playground.await()
        .until(() -> finalizers(playground.cluster("c")).equals(List.of("example.com/wait")));
    playground.patch(
        "c", PatchType.JSON, "[{\"op\": \"remove\", \"path\": \"/metadata/finalizers\"}]");
    Playground.await().until(() -> playground.cluster("c") == null);
  }

  /** The next operator finds it in its cache. */
  @Test
  void aClusterThatWasDeletedWhileNobodyLookedIsLetGo(Testbed testbed) {
    try (Playground later = new Playground(testbed)) {
      later.apply(Manifests.cluster("c", 1));
      later.patch(
          "c",
          PatchType.JSON,
          "[{\"op\": \"add\", \"path\": \"/metadata/finalizers\", \"value\": [\"%s\"]}]"
              .formatted(RayLabels.IDLE_FINALIZER));
      later.admin().resource(later.cluster("c")).delete();
      assertThat(later.cluster("c")).isNotNull();

      later.startOperator();

      Playground.await().until(() -> later.cluster("c") == null);
    }
  }

  private void addFinalizer(String path, String value) {
    // The status may be written at any moment: Ray, too, tries again.
    Playground.await()
        .ignoreExceptions()
        .until(() -> {
          String version = playground.cluster("c").getMetadata().getResourceVersion();
          playground.patch(
              "c",
              PatchType.JSON,
              """
              [{"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
               {"op": "add", "path": "%s", "value": %s}]
              """
                  .formatted(version, path, value));
          return true;
        });
  }

  private void delete() {
    playground.admin().resource(playground.cluster("c")).delete();
  }

  private static List<String> finalizers(RayCluster cluster) {
    return cluster.getMetadata().getFinalizers();
  }
}
