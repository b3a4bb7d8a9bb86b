package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.faults.FaultRule.Phase;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes are refused for a while, or carried out without the operator's hearing of it. */
@Tag("faults")
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class RefusedWritesTest {
  private KubernetesClient admin;
  private Chronicle chronicle;
  private FaultRun runs;

  @BeforeEach
  void setUp(Testbed testbed) {
    admin = testbed.client();
    chronicle = new Chronicle(admin);
    runs = new FaultRun(testbed, FaultProxy.of(testbed), chronicle);
  }

  @AfterEach
  void tearDown() {
    chronicle.close();
    admin.close();
  }

  @Test
  void aServerThatIsBusyOrOvertakenIsAskedAgainAndIsNotTheUsersAffair() {
    FaultAction busy = FaultAction.respond(429).retryAfter(1);
    new SideBySide()
        .add("status conflicts", () -> refused("create", "patch", "rayclusters/status", 409, 5))
        .add(
            "status conflicts when scaling",
            () -> refused("scale up", "patch", "rayclusters/status", 409, 5))
        .add("delete conflicts", () -> refused("scale down", "delete", "pods", 409, 4))
        .add("named delete conflicts", () -> refused("workersToDelete", "delete", "pods", 409, 4))
        .add("unavailable for creates", () -> refused("create", "create", "pods", 503, 4))
        .add("unavailable for the service", () -> refused("create", "patch", "services", 503, 3))
        .add(
            "too many requests",
            () ->
                runs.run(
                    MoreScenarios.named("create"),
                    Trouble.of(rule("create", "pods", 4, Phase.BEFORE, busy))))
        .add(
            "too many requests of any kind",
            () ->
                runs.run(
                    MoreScenarios.named("one group replaced by another"),
                    Trouble.of(rule("write", null, 5, Phase.BEFORE, busy))))
        .run();
  }

  /**
   * For some seconds after its start an API server doesn't know the operator's account or its
   * rights.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ": error looking up service account ray-system/sp-ray-operator:"
            + " serviceaccount \"sp-ray-operator\" not found"
      })
  void anApiServerThatDoesNotKnowTheOperatorYetIsWaitedFor(String why) {
    FaultAction unknown =
        FaultAction.respond(403)
            .because(
                "Forbidden",
                "pods is forbidden: User \"system:serviceaccount:ray-system:sp-ray-operator\""
                    + " cannot create resource \"pods\" in API group \"\" in the namespace \"n\""
                    + why);
    FaultRule rule = rule("write", null, 0, Phase.BEFORE, unknown);
    SideBySide all = new SideBySide();
    for (String name : new String[] {"create", "scale up", "scale down", "pod lost"}) {
      all.add(
          name,
          () ->
              runs.run(
                  MoreScenarios.named(name),
                  Trouble.of(rule)
                      .meanwhile(stage -> {
                        stage.lane().awaitFired(rule.name(), 5);
                        stage.lane().rules();
                      })));
    }
    all.run();
  }

  @Test
  @Tag("sim")
  void aCreateWhoseAnswerIsLostMakesNothingTwice() {
    Map<String, FaultAction> endings =
        Map.of(
            "504", FaultAction.respond(504),
            "500", FaultAction.respond(500),
            "cut", FaultAction.cut());
    SideBySide all = new SideBySide();
    endings.forEach((how, ending) -> {
      all.add("head, " + how, () -> unheard("create", "pods", "c-head", ending));
      all.add("worker, " + how, () -> unheard("create", "pods", "c-small-worker-*", ending));
      all.add("service, " + how, () -> unheard("patch", "services", "c-head-svc", ending));
    });
    all.run();
  }

  private void unheard(String verb, String resource, String name, FaultAction ending) {
    FaultMatch first = FaultMatch.requests(verb, resource).named(name).nth(1);
    FaultReport report =
        runs.run(
            MoreScenarios.named("create"),
            Trouble.of(FaultRule.of("unheard", first, Phase.AFTER_COMMIT, ending)));
    assertThat(report.log())
        .filteredOn(write -> write.verb().equals("create") && write.resource().equals("pods"))
        .filteredOn(write -> write.code() == 201)
        .hasSize(4);
  }

  private void refused(String scenario, String verb, String resource, int code, int times) {
    runs.run(
        MoreScenarios.named(scenario),
        Trouble.of(rule(verb, resource, times, Phase.BEFORE, FaultAction.respond(code))));
  }

  /** Fires for the first so many requests. */
  private static FaultRule rule(
      String verb, String resource, int times, Phase phase, FaultAction action) {
    return FaultRule.of("refused", FaultMatch.requests(verb, resource).times(times), phase, action);
  }
}
