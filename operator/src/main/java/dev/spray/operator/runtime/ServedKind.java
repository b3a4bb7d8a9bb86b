package dev.spray.operator.runtime;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kind whose CRD somebody else installs, perhaps later. A watch of one that isn't there would
 * hold up the start for minutes; so the API server is asked, now and then, until it has it.
 */
final class ServedKind implements Supplier<Optional<Class<? extends HasMetadata>>> {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ServedKind.class);

  private final KubernetesClient client;
  private final Optional<Class<? extends HasMetadata>> kind;
  private final InstantSource clock;
  private volatile boolean served;
  private Instant nextQuestion = Instant.MIN;

  /**
   * @param kind empty: there never is one
   */
  ServedKind(
      KubernetesClient client, Optional<Class<? extends HasMetadata>> kind, InstantSource clock) {
    this.client = client;
    this.kind = kind;
    this.clock = clock;
  }

  @Override
  public Optional<Class<? extends HasMetadata>> get() {
    return kind.filter(one -> served || isServed(one));
  }

  private synchronized boolean isServed(Class<? extends HasMetadata> one) {
    if (!served && !clock.instant().isBefore(nextQuestion)) {
      nextQuestion = clock.instant().plus(PAUSE);
      served = ask(one);
    }
    return served;
  }

  private boolean ask(Class<? extends HasMetadata> one) {
    String version = HasMetadata.getApiVersion(one);
    try {
      APIResourceList resources = client.getApiResources(version);
      boolean there =
          resources != null
              && resources.getResources().stream()
                  .anyMatch(resource -> HasMetadata.getKind(one).equals(resource.getKind()));
      if (!there) {
        log.error(
            "The API server knows no {} of {}, by which the batch scheduler is told of a cluster's pods."
                + " Clusters wait for it: install the scheduler with its CRDs, or start the operator"
                + " without --batch-scheduler",
            HasMetadata.getKind(one),
            version);
      }
      return there;
    } catch (KubernetesClientException e) {
      log.warn("Whether the API server knows {} can't be found out: {}", version, e.getMessage());
      return false;
    }
  }
}
