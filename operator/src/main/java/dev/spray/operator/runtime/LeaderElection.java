package dev.spray.operator.runtime;

import dev.spray.operator.apply.Leadership;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leader election over a Lease, as client-go does it, but it never ends: an instance that lost the
 * lease contends again. {@link #mayWrite} turns false by the clock alone, also in a process that
 * was frozen and has had no chance to notice anything.
 */
final class LeaderElection implements Leadership, AutoCloseable {
  static final Duration LEASE_DURATION = Duration.ofSeconds(15);

  /** Shorter than the lease: who couldn't renew stops writing before another may start. */
  static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);

  private final KubernetesClient client;
  private final Options options;
  private final Runnable onGained;
  private final Thread loop = Thread.ofPlatform().name("leader-election").unstarted(this::run);
  private final CountDownLatch closing = new CountDownLatch(1);

  /** {@link System#nanoTime} up to which this instance may write. */
  private volatile long writableUntil = System.nanoTime();

  private volatile long lastTurn = System.nanoTime();
  private boolean leading;

  private final LeaseHolder other = new LeaseHolder(LEASE_DURATION);
  private final KubeRayLease kubeRay;

  /**
   * @param client gives up within two seconds
   * @param onGained run each time the lease was gained
   */
  LeaderElection(KubernetesClient client, Options options, Runnable onGained) {
    this.client = client;
    this.options = options;
    this.onGained = onGained;
    this.kubeRay = new KubeRayLease(client, options, InstantSource.system());
  }

  void start() {
    loop.start();
  }

  @Override
  public boolean mayWrite() {
    return System.nanoTime() - writableUntil < 0;
  }

  /** Whether the loop still turns; independent of the API server. */
  boolean isAlive() {
    Duration since = Duration.ofNanos(System.nanoTime() - lastTurn);
    return loop.isAlive() && since.compareTo(LEASE_DURATION.multipliedBy(4)) < 0;
  }

  /** Stops contending and gives the lease back, so that a successor needn't wait for its end. */
  @Override
  public void close() {
    closing.countDown();
    awaitEndOfLoop();
    boolean held = mayWrite();
    writableUntil = System.nanoTime();
    if (held) {
      release();
    }
  }

  private void awaitEndOfLoop() {
    try {
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    do {
      lastTurn = System.nanoTime();
      boolean gained = tryToHold();
      if (gained) {
        log.info("Leading: {} holds the lease {}", options.identity(), options.leaseName());
        onGained.run();
      } else if (leading && !mayWrite()) {
        log.warn("Not leading any more: {} contends again", options.identity());
      }
      leading = mayWrite();
    } while (pause());
  }

  /**
   * One attempt to take or renew the lease; any failure just means: not this time.
   *
   * @return whether writing was not allowed up to now and is: passes of that time have changed
   *     nothing. It may have lapsed for a moment only, between two attempts that both worked
   */
  private boolean tryToHold() {
    // The clock is read before the request: its answer may take long.
    long asked = System.nanoTime();
    try {
      if (kubeRay.isInTheWay(asked)) {
        return false;
      }
      Lease lease =
          client.leases().inNamespace(options.leaseNamespace()).withName(options.leaseName()).get();
      if (lease == null) {
        client.resource(renewed(null)).create();
      } else if (isHeldByOther(lease, asked)) {
        return false;
      } else {
        // Carries the resource version that was read: of two who try, one gets a conflict.
        client.resource(renewed(lease)).update();
      }
      long until = writableUntil;
      writableUntil = asked + RENEW_DEADLINE.toNanos();
      // Asked after the new deadline stands, so that no lapse is missed.
      return System.nanoTime() - until >= 0;
    } catch (RuntimeException e) {
      log.warn("The lease could not be taken or renewed: {}", e.getMessage());
      return false;
    }
  }

  private boolean isHeldByOther(Lease lease, long now) {
    return !LeaseHolder.name(lease).equals(options.identity()) && other.isAlive(lease, now);
  }

  private Lease renewed(Lease lease) {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    LeaseSpec old = lease == null || lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
    boolean same = options.identity().equals(old.getHolderIdentity());
    int transitions = old.getLeaseTransitions() == null ? 0 : old.getLeaseTransitions();
    return (lease == null ? new LeaseBuilder() : new LeaseBuilder(lease))
        .editOrNewMetadata()
        .withName(options.leaseName())
        .withNamespace(options.leaseNamespace())
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(options.identity())
        .withLeaseDurationSeconds((int) LEASE_DURATION.toSeconds())
        .withAcquireTime(same ? old.getAcquireTime() : now)
        .withRenewTime(now)
        .withLeaseTransitions(same || lease == null ? transitions : transitions + 1)
        .endSpec()
        .build();
  }

  private void release() {
    try {
      Lease lease =
          client.leases().inNamespace(options.leaseNamespace()).withName(options.leaseName()).get();
      if (lease != null && options.identity().equals(lease.getSpec().getHolderIdentity())) {
        lease.getSpec().setHolderIdentity("");
        client.resource(lease).update();
      }
    } catch (RuntimeException e) {
      log.warn("The lease could not be given back, it ends by itself: {}", e.getMessage());
    }
  }

  /** Waits for the next turn; false when there is none. */
  private boolean pause() {
    try {
      return !closing.await(RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
