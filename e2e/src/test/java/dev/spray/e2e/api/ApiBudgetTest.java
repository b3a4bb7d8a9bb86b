package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the operator may ask of the API server, counted by the API server. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ApiBudgetTest {
  private static final int WORKERS = 7;

  @Test
  void aNewClusterCostsItsChildrenTwoStatusPatchesAndThreeEvents(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(Manifests.cluster("c", WORKERS));
      awaitStatus(playground);

      Map<String, Long> writes = writes(testbed, playground);
      assertThat(writes)
          .containsEntry("create pods", WORKERS + 1L)
          .containsEntry("patch services", 1L)
          .containsOnlyKeys(
              "create pods", "patch services", "patch rayclusters/status", "create events");
      assertThat(writes.get("patch rayclusters/status")).isLessThanOrEqualTo(2);
      assertThat(writes.get("create events")).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void whatAClusterHasBesideItsPodsCostsOneApplyEach(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(Manifests.everything("c", WORKERS));
      Playground.await().until(() -> playground.workers("c").size() == WORKERS);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);

      assertThat(writes(testbed, playground))
          .containsEntry("patch services", 2L)
          .containsEntry("patch serviceaccounts", 1L)
          .containsEntry("patch roles", 1L)
          .containsEntry("patch rolebindings", 1L)
          .containsEntry("patch ingresses", 1L)
          .containsEntry("create pods", WORKERS + 1L)
          .hasSize(8)
          .containsKeys("patch rayclusters/status", "create events");
    }
  }

  @Test
  void encryptionCostsOneSecret(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(encrypted());
      Playground.await().until(() -> playground.workers("c").size() == WORKERS);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);

      assertThat(writes(testbed, playground))
          .containsEntry("create secrets", 1L)
          .containsEntry("create pods", WORKERS + 1L)
          .containsOnlyKeys(
              "create pods",
              "create secrets",
              "patch services",
              "patch rayclusters/status",
              "create events");
    }
  }

  @Test
  void aSettledClusterCostsNothing(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(encrypted());
      playground.apply(Manifests.everything("everything", WORKERS));
      playground.apply(Manifests.expiring("mortal", WORKERS, "ttl: 14d, idleTimeout: 8h"));
      Playground.await()
          .until(() ->
              playground.workers("c").size()
                      + playground.workers("everything").size()
                      + playground.workers("mortal").size()
                  == 3 * WORKERS);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);
      playground.awaitTrue("everything", ConditionTypes.READY);
      playground.awaitTrue("mortal", ConditionTypes.READY);
      // Its head is asked what runs, and doesn't answer.
      Playground.await()
          .until(() -> playground.condition("mortal", ConditionTypes.IDLE).isPresent());

      Duration quiet = Duration.ofSeconds(60);
      Instant settled = Instant.now().plusSeconds(1);
      Awaitility.await()
          .pollDelay(Duration.ofSeconds(1))
          .atMost(quiet.multipliedBy(2))
          .until(() -> Instant.now().isAfter(settled.plus(quiet)));
      assertThat(Audit.requests(testbed, settled))
          .filteredOn(request -> !request.resource().equals("leases"))
          .isEmpty();
    }
  }

  @Test
  void aPodThatIsLostCostsOneCreateOneDeleteAndTheirNews(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(Manifests.cluster("c", WORKERS));
      awaitStatus(playground);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);
      Map<String, Long> before = writes(testbed, playground);

      String lost = playground.workers("c").getFirst().getMetadata().getName();
      playground.makeFailed(playground.workers("c").getFirst());
      Playground.await()
          .untilAsserted(() ->
              assertThat(playground.workers("c"))
                  .hasSize(WORKERS)
                  .noneMatch(pod -> pod.getMetadata().getName().equals(lost)));
      playground.workers("c").stream()
          .filter(pod -> pod.getStatus().getPhase().equals("Pending"))
          .forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);

      Map<String, Long> after = writes(testbed, playground);
      assertThat(after.get("create pods") - before.get("create pods")).isEqualTo(1);
      assertThat(after).containsEntry("delete pods", 1L);
      assertThat(after).containsEntry("patch services", 1L);
    }
  }

  /** Its pods name the ServiceAccount of their tokens: no admission plug-in does it here. */
  private static String encrypted() {
    return Manifests.encrypted(Manifests.cluster("c", WORKERS))
        .replace("      spec:\n", "      spec:\n        serviceAccountName: default\n");
  }

  private static void awaitStatus(Playground playground) {
    Playground.await()
        .untilAsserted(() -> {
          assertThat(playground.workers("c")).hasSize(WORKERS);
          assertThat(playground.condition("c", ConditionTypes.RECONCILING)).isPresent();
          assertThat(playground.eventReasons()).hasSize(3);
        });
  }

  private static Map<String, Long> writes(Testbed testbed, Playground playground) {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> !request.verb().equals("list"))
        .collect(
            Collectors.groupingBy(
                request -> request.verb() + " " + request.resource(), Collectors.counting()));
  }
}
