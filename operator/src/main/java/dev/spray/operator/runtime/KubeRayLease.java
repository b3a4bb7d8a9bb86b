package dev.spray.operator.runtime;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that KubeRay holds while it works, in the namespace in which this operator has its own:
 * two operators over the same clusters would make, and take away, the same pods.
 *
 * <p>An operator that watches all namespaces stands back while KubeRay works: it can't help meeting
 * it. One that is confined to some namespaces only says so, because the lease doesn't tell which
 * ones KubeRay watches. A KubeRay in another namespace is not seen: to obey leases anywhere would
 * let everybody stop the operator who may make a lease.
 */
final class KubeRayLease {
  static final String NAME = "ray-operator-leader";

  private static final Duration USUAL = Duration.ofSeconds(15);

  /** Longer than clocks differ: KubeRay doesn't give its lease back when it stops. */
  private static final Duration LONG_PAST = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(KubeRayLease.class);

  private final KubernetesClient client;
  private final Options options;
  private final InstantSource clock;
  private final LeaseHolder holder = new LeaseHolder(USUAL);
  private boolean told;
  private boolean unreadable;

  KubeRayLease(KubernetesClient client, Options options, InstantSource clock) {
    this.client = client;
    this.options = options;
    this.clock = clock;
  }

  /**
   * Whether this operator must not write because of KubeRay.
   *
   * @param now {@link System#nanoTime}
   */
  boolean isInTheWay(long now) {
    Lease lease = read();
    boolean atWork = lease != null && !isLongPast(lease) && holder.isAlive(lease, now);
    boolean confined = !options.watchNamespaces().isEmpty();
    if (atWork != told) {
      tell(atWork, confined, lease);
      told = atWork;
    }
    return atWork && !confined;
  }

  private void tell(boolean atWork, boolean confined, Lease lease) {
    String name = options.leaseNamespace() + "/" + NAME;
    if (!atWork) {
      log.info("KubeRay doesn't hold its lease {} any more", name);
    } else if (confined) {
      log.warn(
          "KubeRay is at work too, {} holds the lease {}: it must not watch {}",
          LeaseHolder.name(lease),
          name,
          options.watchNamespaces());
    } else {
      log.warn(
          "KubeRay is at work, {} holds the lease {}, and this operator watches all namespaces:"
              + " nothing is written until KubeRay stops. To run both, give each its own namespaces"
              + " by watchNamespace",
          LeaseHolder.name(lease),
          name);
    }
  }

  private boolean isLongPast(Lease lease) {
    ZonedDateTime renewed = lease.getSpec() == null ? null : lease.getSpec().getRenewTime();
    return renewed != null && renewed.toInstant().plus(LONG_PAST).isBefore(clock.instant());
  }

  /** The lease; none also where it may not be read. */
  private Lease read() {
    try {
      return client.leases().inNamespace(options.leaseNamespace()).withName(NAME).get();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      if (!unreadable) {
        log.warn("Whether KubeRay is at work is not known: {}", e.getMessage());
        unreadable = true;
      }
      return null;
    }
  }
}
