package dev.spray.e2e.faults;

import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The operator is killed at its writes, and nothing is lost, nor made twice. */
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class CrashSuiteTest {
  private KubernetesClient admin;
  private Chronicle chronicle;
  private CrashRun runs;

  @BeforeEach
  void setUp(Testbed testbed) {
    admin = testbed.client();
    chronicle = new Chronicle(admin);
    FaultProxy proxy = FaultProxy.of(testbed);
    runs = new CrashRun(testbed, proxy, chronicle, RayOperator::new);
  }

  @AfterEach
  void tearDown() {
    chronicle.close();
    admin.close();
  }

  @Test
  @Tag("faults")
  @Tag("sim")
  void withoutACrashEachScenarioEndsAsItShould() {
    SideBySide all = new SideBySide();
    Stream.concat(all(), Stream.of(Scenario.deletion()))
        .forEach(scenario -> all.add(scenario + ", no crash", () -> runs.run(scenario)));
    all.run();
  }

  /** A sample for every day: the first and the last write of each scenario, carried out unheard. */
  @Test
  @Tag("sim")
  void aCrashAtTheFirstOrLastWriteChangesNothing() {
    crashAt(
        all(),
        scenario ->
            Stream.of(1, scenario.writes())
                .distinct()
                .map(write -> new CrashPoint(write, FaultRule.Phase.AFTER_COMMIT)));
  }

  @Test
  @Tag("faults")
  void aCrashAtAnyWriteInAnyPhaseChangesNothing() {
    crashAt(all(), scenario -> CrashPoint.of(scenario).stream());
  }

  /** With {@code -Dscenario=NAME} that one alone. */
  private static Stream<Scenario> all() {
    String wanted = System.getProperty("scenario");
    return Scenario.all().stream()
        .filter(scenario -> wanted == null || scenario.name().equals(wanted));
  }

  private void crashAt(Stream<Scenario> scenarios, Function<Scenario, Stream<CrashPoint>> points) {
    SideBySide all = new SideBySide();
    scenarios.forEach(scenario ->
        points
            .apply(scenario)
            .forEach(point -> all.add(scenario + ", " + point, () -> runs.run(scenario, point))));
    all.run();
  }
}
