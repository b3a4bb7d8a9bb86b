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
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** Figures for Prometheus, under controller-runtime's names so that its dashboards show them. */
final class OperatorMetrics implements Metrics, AutoCloseable {

  /** Bounds of the histogram of passes: controller-runtime's, for queries that add up operators. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              5, 10, 25, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1_000,
              1_250, 1_500, 1_750, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500, 5_000, 6_000, 7_000,
              8_000, 9_000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Listens to the JVM's collectors, until it is closed. */
  private final JvmGcMetrics gc = new JvmGcMetrics();

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
    gc.bindTo(registry);
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
          Timer.builder("controller_runtime_reconcile_time")
              .tag("controller", execution.controllerName())
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
  }

  /** Shows who leads: 1 or 0. */
  void bind(Leadership leadership, String lease) {
    Gauge.builder("leader_election_master_status", () -> leadership.mayWrite() ? 1 : 0)
        .tag("name", lease)
        .register(registry);
  }

  /** Shows whether the newest platform configuration holds: 1, or 0 while it is refused. */
  void bind(BooleanSupplier platformIsGood) {
    Gauge.builder("sp_ray_platform_configuration_good", () -> platformIsGood.getAsBoolean() ? 1 : 0)
        .register(registry);
  }

  Interceptor requests() {
    return requests;
  }

  /** Everything, in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private void count(HttpRequest request, String code) {
    registry.counter("rest_client_requests", "method", request.method(), "code", code).increment();
  }
}
