package dev.spray.operator.runtime;

import dev.spray.operator.apply.Leadership;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;

/** Figures for Prometheus, under controller-runtime's names so that its dashboards show them. */
final class OperatorMetrics implements Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Counts requests to the API server by method and answer. */
  private final Interceptor requests =
      new Interceptor() {
        @Override
        public void after(
            HttpRequest request,
            HttpResponse<?> response,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
          count(request, response.code() + "");
        }

        @Override
        public void afterConnectionFailure(HttpRequest request, Throwable failure) {
          count(request, "<error>");
        }
      };

  OperatorMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    bindGc();
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    Timer.Sample sample = Timer.start(registry);
    String result = "error";
    try {
      T value = execution.execute();
      result = "success";
      return value;
    } finally {
      registry
          .counter(
              "controller_runtime_reconcile",
              "controller",
              execution.controllerName(),
              "result",
              result)
          .increment();
      sample.stop(
          registry.timer(
              "controller_runtime_reconcile_time", "controller", execution.controllerName()));
    }
  }

  /** Shows who leads: 1 or 0. */
  void bind(Leadership leadership, String lease) {
    Gauge.builder("leader_election_master_status", () -> leadership.mayWrite() ? 1 : 0)
        .tag("name", lease)
        .register(registry);
  }

  Interceptor requests() {
    return requests;
  }

  /** Everything, in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  private void bindGc() {
    // Holds a notification listener for the life of the process.
    @SuppressWarnings("resource")
    JvmGcMetrics gc = new JvmGcMetrics();
    gc.bindTo(registry);
  }

  private void count(HttpRequest request, String code) {
    registry.counter("rest_client_requests", "method", request.method(), "code", code).increment();
  }
}
