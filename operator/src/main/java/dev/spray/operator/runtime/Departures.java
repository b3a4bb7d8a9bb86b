package dev.spray.operator.runtime;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.apply.Leadership;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the cache for clusters that are marked for deletion: JOSDK makes no pass over one
 * that doesn't carry a finalizer of its own. It asks nobody, and repeats by itself what failed, or
 * what another instance left when it lost the lease.
 */
final class Departures implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final int AT_ONCE = 16;
  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Supplier<Stream<RayCluster>> clusters;
  private final Consumer<RayCluster> release;

  /**
   * @param clusters those in the cache
   * @param release does a step of what is to be done before one can go
   */
  Departures(Supplier<Stream<RayCluster>> clusters, Consumer<RayCluster> release) {
    this.clusters = clusters;
    this.release = release;
  }

  void start() {
    long millis = BETWEEN_LOOKS.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Side by side, so that no cluster waits for the writes of another; not all at once. */
  private void look() {
    try (ExecutorService passes =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      clusters
          .get()
          .filter(RayCluster::isMarkedForDeletion)
          .forEach(cluster -> passes.execute(() -> release(cluster)));
    } catch (RuntimeException e) {
      log.error("Clusters that are marked for deletion were not looked at", e);
    }
  }

  private void release(RayCluster cluster) {
    try {
      release.accept(cluster);
    } catch (KubernetesClientException | Leadership.Lost e) {
      log.warn("{} was not let go: {}", ResourceID.fromResource(cluster), e.getMessage());
    } catch (RuntimeException e) {
      log.error("{} was not let go", ResourceID.fromResource(cluster), e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
