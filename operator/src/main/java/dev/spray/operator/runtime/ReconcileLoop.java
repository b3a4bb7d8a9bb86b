package dev.spray.operator.runtime;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ClusterCaches;
import dev.spray.operator.observe.ClusterNews;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** How JOSDK runs the passes, and the threads that it runs them on. */
final class ReconcileLoop implements AutoCloseable {
  /**
   * Enough to keep the writes in flight when each pass has one or two; a pass holds its rendered
   * pods, and those of thousands of clusters would fill the memory.
   */
  private static final int PASSES_AT_ONCE = 2 * RayOperator.WRITES_IN_FLIGHT;

  private static final Duration SAFETY_PASS = Duration.ofMinutes(10);
  private static final long PAGE = 200L;

  /** What the caches hold is never changed, so that a pass may read it where it lies. */
  private static final Cloner SHARED =
      new Cloner() {
        @Override
        public <R extends HasMetadata> R clone(R resource) {
          return resource;
        }
      };

  private final Options options;
  private final KubernetesClient watching;
  private final OperatorMetrics metrics;
  private final Consumer<Throwable> watchEnded;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(PASSES_AT_ONCE, Thread.ofVirtual().factory());

  /**
   * @param watchEnded told when a watch has ended for good
   */
  ReconcileLoop(
      Options options,
      KubernetesClient watching,
      OperatorMetrics metrics,
      Consumer<Throwable> watchEnded) {
    this.options = options;
    this.watching = watching;
    this.metrics = metrics;
    this.watchEnded = watchEnded;
  }

  void configure(ConfigurationServiceOverrider operator) {
    operator
        .withKubernetesClient(watching)
        .withCloseClientOnStop(false)
        .withExecutorService(threads)
        .withMetrics(metrics)
        .withResourceCloner(SHARED)
        .withReconciliationTerminationTimeout(options.shutdownGrace())
        // An API server that is away at the start is waited for.
        .withStopOnInformerErrorDuringStartup(false)
        .withInformerStoppedHandler((informer, e) -> watchEnded.accept(e))
        .withParseResourceVersions(true);
  }

  void configure(ControllerConfigurationOverrider<RayCluster> controller) {
    if (options.watchNamespaces().isEmpty()) {
      controller.watchingAllNamespaces();
    } else {
      controller.settingNamespaces(options.watchNamespaces());
    }
    if (options.watchNamespaces().size() <= 1) {
      controller.withItemStore(ClusterCaches.clusters());
    }
    controller
        // Its own filter drops changes of annotations, and the successor of a deleted cluster.
        .withGenerationAware(false)
        .withOnUpdateFilter(ClusterNews::isIn)
        .withInformerListLimit(PAGE)
        .withReconciliationMaxInterval(SAFETY_PASS)
        .withRetry(
            new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(15_000)
                .setMaxAttempts(-1));
  }

  /** Ends the passes that are still under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
