package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.Extension;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.FakeDashboard;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Clusters that go by themselves. Where a test has to be faster than the operator the warning takes
 * its usual quarter of an hour.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ExpiryTest {
  private static final Duration SHORT = Duration.ofSeconds(10);

  private Testbed testbed;
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aClusterIsWarnedExtendedWarnedAndSuspended() {
    var first = playground.startOperator();
    playground.apply(Manifests.expiring("c", 2, "ttl: 1s"));
    awaitReady(3);
    Condition warning = awaitWarning("SuspendAfterTtl");
    assertThat(warning.getMessage())
        .startsWith("The cluster is going to be suspended")
        .contains("kubectl annotate raycluster c -n " + playground.namespace());
    assertThat(playground.cluster("c").getStatus().platform().expiresAt())
        .isEqualTo(since(warning).plus(Duration.ofMinutes(15)).toString());
    awaitEvent("RayClusterExpiring");

    extend(Instant.now().plus(Duration.ofDays(1)).toString());
    awaitNoWarning();
    assertThat(playground.cluster("c").getStatus().platform().expiresAt()).isNull();
    awaitEvent("RayClusterNotExpiring");
    first.close();

    extend("2026-01-01T00:00:00Z");
    playground.warnFor(SHORT.toSeconds() + "s");
    playground.startOperator();
    Instant warned = since(awaitWarning("SuspendAfterTtl"));
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);

    assertThat(playground.pods()).isEmpty();
    assertThat(playground.cluster("c").getSpec().idleSuspend()).isTrue();
    assertThat(playground.condition("c", ConditionTypes.READY).orElseThrow().getMessage())
        .contains("nobody used it or its ttl was over");
    assertThat(requests("patch", "rayclusters"))
        .singleElement()
        .satisfies(patch -> {
          assertThat(patch.code()).isEqualTo(200);
          assertThat(patch.at()).isAfterOrEqualTo(warned.plus(SHORT));
        });
    awaitEvent("SuspendedExpiredRayCluster");
    awaitNoWarning();
    assertThat(playground.eventReasons())
        .filteredOn("RayClusterNotExpiring"::equals)
        .as("it has come true")
        .hasSize(1);

    extend(Instant.now().plus(Duration.ofDays(1)).toString());
    playground.patch("c", PatchType.JSON_MERGE, "{\"spec\": {\"idleSuspend\": null}}");
    awaitReady(3);
    assertThat(playground.condition("c", ConditionTypes.EXPIRING)).isEmpty();
  }

  @Test
  void aSuspendedClusterIsDeletedWhenItsTimeIsOver() {
    playground.warnFor(SHORT.toSeconds() + "s");
    playground.startOperator();
    playground.apply(Manifests.expiring("c", 1, "ttl: 7d, onExpiry: Delete") + "  suspend: true\n");
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    assertThat(playground.condition("c", ConditionTypes.EXPIRING)).isEmpty();

    playground.apply(Manifests.expiring("c", 1, "ttl: 1s, onExpiry: Delete") + "  suspend: true\n");
    Playground.await().until(() -> playground.cluster("c") == null);

    Playground.await()
        .untilAsserted(() ->
            assertThat(requests("delete", "rayclusters"))
                .extracting(Audit.Request::code)
                .contains(200));
    awaitEvent("DeletedExpiredRayCluster");
    assertThat(playground.eventNotes("DeletedExpiredRayCluster"))
        .singleElement()
        .asString()
        .startsWith("c: its ttl of 1s reaches until ")
        .contains("its users have been warned since");
    assertThat(playground.eventReasons()).contains("RayClusterExpiring");
  }

  @Test
  void anExtensionThatCannotBeReadKeepsTheCluster() {
    playground.warnFor("1s");
    playground.startOperator();
    playground.apply(
        Manifests.expiring("c", 1, "ttl: 1s")
            .replace(
                "  name: c\n",
                "  name: c\n  annotations: {%s: tomorrow}\n".formatted(Extension.ANNOTATION)));
    awaitReady(2);

    Condition stalled = playground.condition("c", ConditionTypes.STALLED).orElseThrow();
    assertThat(stalled.getStatus()).isEqualTo("False");
    assertThat(stalled.getMessage())
        .contains("annotation sp-ray.dev/extend-until: \"tomorrow\" is no time");
    assertThat(playground.condition("c", ConditionTypes.EXPIRING)).isEmpty();
    awaitEvent("InvalidRayClusterSpec");

    extend("2026-01-01T00:00:00Z");
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
  }

  @Test
  void aClusterThatNobodyUsesIsSuspendedAndOneThatIsUsedAgainIsNot() {
    try (FakeDashboard dashboard = new FakeDashboard()) {
      dashboard.drivers("ACTIVE");
      var first = playground.startOperator();
      playground.apply(
          Manifests.expiring("c", 1, "idleTimeout: 2s")
              .replace(
                  "rayStartParams: {}\n    template",
                  "rayStartParams: {dashboard-port: \"%d\"}\n    template"
                      .formatted(dashboard.port())));
      Playground.await().until(() -> playground.pods().size() == 2);
      playground.workers("c").forEach(playground::makeReady);
      Pod head = playground.heads("c").getFirst();
      playground.makeReady(head, dashboard.address());
      playground.awaitTrue("c", ConditionTypes.READY);
      awaitIdle("False", "InUse");

      dashboard.drivers("INACTIVE");
      awaitIdle("True", "NothingRuns");
      awaitWarning("SuspendWhenIdle");
      dashboard.drivers("ERROR");
      awaitIdle("True", "NoAnswer");
      dashboard.drivers("ACTIVE");
      awaitNoWarning();
      awaitIdle("False", "InUse");
      assertThat(playground.cluster("c").getSpec().idleSuspend()).isNull();
      first.close();

      dashboard.drivers("INACTIVE");
      playground.warnFor(SHORT.toSeconds() + "s");
      playground.startOperator();
      playground.awaitTrue("c", ConditionTypes.SUSPENDED);
      assertThat(playground.condition("c", ConditionTypes.IDLE)).isEmpty();
      awaitEvent("SuspendedExpiredRayCluster");
      assertThat(playground.eventNotes("SuspendedExpiredRayCluster"))
          .singleElement()
          .asString()
          .contains("nothing has run in it since");
    }
  }

  private void awaitReady(int pods) {
    Playground.await().until(() -> playground.pods().size() == pods);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private Condition awaitWarning(String reason) {
    Playground.await()
        .until(() -> expiring().map(Condition::getReason).filter(reason::equals).isPresent());
    return expiring().orElseThrow();
  }

  private void awaitNoWarning() {
    Playground.await().until(() -> expiring().isEmpty());
  }

  private Optional<Condition> expiring() {
    return playground.condition("c", ConditionTypes.EXPIRING);
  }

  private void awaitIdle(String status, String reason) {
    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.IDLE))
                .hasValueSatisfying(idle -> {
                  assertThat(idle.getStatus()).isEqualTo(status);
                  assertThat(idle.getReason()).isEqualTo(reason);
                }));
  }

  /** Events are recorded in the background. */
  private void awaitEvent(String reason) {
    Playground.await().untilAsserted(() -> assertThat(playground.eventReasons()).contains(reason));
  }

  private void extend(String until) {
    playground.patch(
        "c",
        PatchType.JSON_MERGE,
        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}"
            .formatted(Extension.ANNOTATION, until));
  }

  private static Instant since(Condition condition) {
    return Instant.parse(condition.getLastTransitionTime());
  }

  private List<Audit.Request> requests(String verb, String resource) {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> request.verb().equals(verb) && request.resource().equals(resource))
        .toList();
  }
}
