package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters without pods, as Kueue, Ray's autoscaler and people want them. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class SuspensionTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"suspend", "idleSuspend"})
  void aClusterGoesAndComesBack(String field) {
    playground.apply(Manifests.cluster("c", 2));
    makeReady(3);

    patch(field, true);
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);

    assertThat(playground.pods()).isEmpty();
    assertThat(status(ConditionTypes.SUSPENDING)).isEqualTo("False");
    assertThat(status(ConditionTypes.PROVISIONED)).isEqualTo("False");
    assertThat(status(ConditionTypes.READY)).isEqualTo("False");
    assertThat(status(ConditionTypes.RECONCILING)).isEqualTo("False");
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("suspended");
    Playground.await()
        .untilAsserted(() -> assertThat(playground.eventReasons()).contains("DeletedPod"));
    assertThat(service()).isNotNull();

    patch(field, false);
    makeReady(3);
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("ready");
    assertThat(status(ConditionTypes.SUSPENDED)).isEqualTo("False");
    assertThat(playground.cluster("c").getStatus().stateTransitionTimes())
        .containsOnlyKeys("ready", "suspended");
  }

  /** As Kueue has it: made suspended, and let go when there is room. */
  @Test
  void aClusterThatIsMadeSuspendedHasNoPodUntilItIsLetGo() {
    playground.apply(Manifests.cluster("c", 2) + "  suspend: true\n");
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(playground.cluster("c").getStatus().state()).isEqualTo("suspended");
    Playground.await()
        .untilAsserted(
            () -> assertThat(playground.eventReasons()).containsExactly("CreatedService"));

    patch("suspend", false);

    makeReady(3);
  }

  private void makeReady(int pods) {
    Playground.await().until(() -> playground.pods().size() == pods);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private void patch(String field, boolean value) {
    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"%s\": %s}}".formatted(field, value));
  }

  private String status(String type) {
    return playground.condition("c", type).orElseThrow().getStatus();
  }

  private Object service() {
    return playground
        .admin()
        .services()
        .inNamespace(playground.namespace())
        .withName("c-head-svc")
        .get();
  }
}
