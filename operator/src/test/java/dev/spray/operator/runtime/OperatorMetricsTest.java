package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
  private static final String TOTAL =
      "controller_runtime_reconcile_total{controller=\"raycluster\"";
  private static final String BUCKET =
      "controller_runtime_reconcile_time_seconds_bucket{controller=\"raycluster\"";

  /** What {@code histogram_quantile} of controller-runtime's dashboards needs. */
  @Test
  void passesAreCountedByResultAndByHowLongTheyTook() throws Exception {
    try (OperatorMetrics metrics = new OperatorMetrics()) {
      assertThat(metrics.timeControllerExecution(pass(() -> "done"))).isEqualTo("done");
      assertThatThrownBy(() ->
              metrics.timeControllerExecution(
                  pass(() -> {
                    throw new IllegalStateException("broken");
                  })))
          .hasMessage("broken");

      assertThat(metrics.scrape())
          .contains(TOTAL + ",result=\"success\"} 1")
          .contains(TOTAL + ",result=\"error\"} 1")
          .contains(BUCKET + ",le=\"0.005\"} ")
          .contains(BUCKET + ",le=\"+Inf\"} 2");
    }
  }

  private static Metrics.ControllerExecution<String> pass(Callable<String> pass) {
    return new Metrics.ControllerExecution<>() {
      @Override
      public String name() {
        return "reconcile";
      }

      @Override
      public String controllerName() {
        return "raycluster";
      }

      @Override
      public String successTypeName(String result) {
        return "noUpdate";
      }

      @Override
      public ResourceID resourceID() {
        return new ResourceID("demo", "playground");
      }

      @Override
      public Map<String, Object> metadata() {
        return Map.of();
      }

      @Override
      public String execute() throws Exception {
        return pass.call();
      }
    };
  }
}
