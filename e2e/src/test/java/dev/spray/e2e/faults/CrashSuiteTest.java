package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator is killed at its writes, and nothing is lost, nor made twice. */
@ExtendWith(SimTestbed.class)
class CrashSuiteTest {
  /** Runs that go side by side. */
  private static final int SIDE_BY_SIDE = 6;

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
    List<Scenario> scenarios = new ArrayList<>(Scenario.all());
    scenarios.add(Scenario.deletion());
    assertThat(
            sideBySide(
                scenarios.stream()
                    .map(scenario -> run(scenario + ", no crash", () -> runs.run(scenario)))
                    .toList()))
        .isEmpty();
  }

  /** A sample for every day: the first and the last write of each scenario, carried out unheard. */
  @Test
  @Tag("sim")
  void aCrashAtTheFirstOrLastWriteChangesNothing() {
    crashAt(
        Scenario.all().stream()
            .flatMap(scenario ->
                Stream.of(1, scenario.writes())
                    .map(write -> new CrashPoint(write, FaultRule.Phase.AFTER_COMMIT))
                    .map(point -> run(scenario, point)))
            .toList());
  }

  @Test
  @Tag("faults")
  void aCrashAtAnyWriteInAnyPhaseChangesNothing() {
    crashAt(
        Scenario.all().stream()
            .flatMap(
                scenario -> CrashPoint.of(scenario).stream().map(point -> run(scenario, point)))
            .toList());
  }

  private record Run(String name, Runnable body) {}

  private Run run(Scenario scenario, CrashPoint point) {
    return run(scenario + ", " + point, () -> runs.run(scenario, point));
  }

  private static Run run(String name, Runnable body) {
    return new Run(name, body);
  }

  private void crashAt(List<Run> points) {
    List<String> failures = sideBySide(points);
    System.out.printf(
        "crash points: %d, faults fired and converged: %d%n",
        points.size(), points.size() - failures.size());
    assertThat(failures).isEmpty();
  }

  private static List<String> sideBySide(List<Run> runs) {
    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
      List<Future<String>> outcomes = new ArrayList<>();
      for (Run run : runs) {
        outcomes.add(threads.submit(attempt(run)));
      }
      for (Future<String> outcome : outcomes) {
        if (!outcome.get().isEmpty()) {
          failures.add(outcome.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return failures;
  }

  /** The failure as a text; empty when there is none. */
  private static Callable<String> attempt(Run run) {
    return () -> {
      try {
        run.body().run();
        return "";
      } catch (RuntimeException | AssertionError e) {
        return run.name() + ": " + e.getMessage();
      }
    };
  }
}
