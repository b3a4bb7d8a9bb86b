package dev.spray.operator.runtime;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.operator.cluster.PlatformInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform configuration out of a file, which is read again when it changes. The kubelet brings
 * a mounted ConfigMap up to date by turning links, which no watch over files tells reliably: it is
 * looked at every few seconds. A bad one is told of, and the last good one stays in force.
 */
final class PlatformFile implements Supplier<PlatformInForce>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlatformFile.class);

  private final Optional<Path> file;
  private final Runnable changed;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("platform-configuration").factory());
  private String text = "";
  private volatile PlatformInForce inForce;

  /**
   * Reads it.
   *
   * @param file empty: the configuration for GKE that comes with sp-ray holds
   * @param changed told when another configuration holds, or there is none for another reason
   */
  PlatformFile(Optional<Path> file, Runnable changed) {
    this.file = file;
    this.changed = changed;
    inForce =
        file.isEmpty()
            ? PlatformInForce.of(ConfigurationFile.shipped(ConfigurationFile.GKE))
            : PlatformInForce.none("it was not read yet");
    look();
  }

  void start(Duration interval) {
    if (file.isPresent()) {
      var _ =
          thread.scheduleWithFixedDelay(
              () -> {
                if (look()) {
                  changed.run();
                }
              },
              interval.toMillis(),
              interval.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  /** Whether clusters are to be told: another configuration holds, or why still none does. */
  boolean look() {
    if (file.isEmpty()) {
      return false;
    }
    String now;
    try {
      now = Files.readString(file.get());
    } catch (IOException e) {
      return refused("", "it can't be read: " + e);
    }
    if (now.equals(text)) {
      return false;
    }
    try {
      PlatformConfiguration configuration = ConfigurationFile.parse(now);
      text = now;
      inForce = PlatformInForce.of(configuration);
      log.info("Platform configuration {} from {} holds", configuration.revision(), file.get());
      return true;
    } catch (IllegalArgumentException e) {
      return refused(now, e.getMessage());
    }
  }

  private boolean refused(String now, String problem) {
    boolean told = inForce.problem().filter(problem::equals).isPresent();
    text = now;
    inForce = inForce.despite(problem);
    if (!told) {
      log.error(
          "The platform configuration in {} is refused, and {}: {}",
          file.get(),
          inForce
              .configuration()
              .map(last -> last.revision() + " stays in force")
              .orElse("there is no other one"),
          problem);
    }
    return !told && inForce.configuration().isEmpty();
  }

  @Override
  public PlatformInForce get() {
    return inForce;
  }

  /** For dashboards: whether the newest one holds. */
  boolean isGood() {
    return inForce.problem().isEmpty();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
