package dev.spray.operator.runtime;

import dev.spray.operator.apply.Applier;
import dev.spray.operator.apply.EventWriter;
import dev.spray.operator.apply.Leadership;
import dev.spray.operator.apply.SpecWriter;
import dev.spray.operator.apply.StatusWriter;
import dev.spray.operator.apply.Writes;
import dev.spray.operator.cluster.ClusterSettings;
import dev.spray.operator.cluster.DeletionReconciler;
import dev.spray.operator.cluster.RayClusterReconciler;
import dev.spray.operator.cluster.SettingsInForce;
import dev.spray.operator.cluster.Turns;
import dev.spray.operator.observe.ClusterCaches;
import dev.spray.operator.observe.ClusterObserver;
import dev.spray.operator.observe.LostNodes;
import dev.spray.operator.observe.OwnWrites;
import dev.spray.operator.ray.Activities;
import dev.spray.operator.ray.IdleWorkers;
import dev.spray.operator.signing.SigningEndpoint;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator, from options to a running process; a process may hold several. */
public final class RayOperator implements AutoCloseable {
  static final int WRITES_IN_FLIGHT = 32;

  private static final Duration PLATFORM_LOOKED_AT = Duration.ofSeconds(5);

  /** An own write that the watch hasn't shown by then was undone before it could. */
  private static final Duration OWN_WRITES_KEPT = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(RayOperator.class);

  private final Options options;
  private final OperatorMetrics metrics;
  private final Clients clients;
  private final LeaderElection election;
  private final Leadership leadership;
  private final WakeUp wakeUp = new WakeUp();
  private final EventWriter events;
  private final ReconcileLoop loop;
  private final Operator operator;
  private final Departures departures;
  private final IdleWorkers idleWorkers;
  private final Activities activities;
  private final PlatformFile platform;
  private final ApiServerEndpoints apiServer;
  private final HttpEndpoints endpoints;
  private final SigningEndpoint signing;
  private volatile boolean started;

  /** A watch has ended for good: only a restart helps, and nobody else may lead until then. */
  private volatile boolean blind;

  /**
   * Connects, but watches and writes nothing yet.
   *
   * @param config where the API server is and as whom to speak to it
   * @throws IOException when one of the ports is taken
   */
  public RayOperator(Config config, Options options) throws IOException {
    this(config, options, new OperatorMetrics());
  }

  private RayOperator(Config config, Options options, OperatorMetrics metrics) throws IOException {
    this(
        options,
        metrics,
        leadership ->
            Clients.connect(
                config, "sp-ray-operator/" + Versions.operator(), metrics.requests(), leadership),
        new OwnWrites(InstantSource.system(), OWN_WRITES_KEPT),
        election -> election);
  }

  /**
   * With parts that tests replace by broken ones, to show that breaking them is noticed.
   *
   * @param connect makes the connections; told whom to ask before a write
   * @param gate what asks the election before a write
   */
  RayOperator(
      Options options,
      OperatorMetrics metrics,
      Function<Leadership, Clients> connect,
      OwnWrites ownWrites,
      UnaryOperator<Leadership> gate)
      throws IOException {
    this.options = options;
    this.metrics = metrics;
    clients = connect.apply(this::mayWrite);
    election = new LeaderElection(clients.leasing(), options, wakeUp::everybody);
    leadership = options.leaderElection() ? gate.apply(election) : () -> true;
    metrics.bind(leadership, options.leaseName());

    InstantSource clock = InstantSource.system();
    signing =
        new SigningEndpoint(
            options.signingPort(),
            new SigningKnowledge(clients.watching(), wakeUp::cluster),
            options.pods().clusterDomain(),
            clock);
    platform = new PlatformFile(options.platformConfiguration(), wakeUp::everybody);
    metrics.bind(platform::isGood);
    apiServer = new ApiServerEndpoints(clients.watching(), System.getenv(), this::apiServerMoved);
    Writes writes = new Writes(leadership, WRITES_IN_FLIGHT);
    events = new EventWriter(clients.writing(), writes, clock, options.identity());
    loop = new ReconcileLoop(options, clients.watching(), metrics, this::watchEnded);
    operator = new Operator(loop::configure);
    AuthTokens tokens = new AuthTokens(clients.writing());
    idleWorkers = new IdleWorkers(clock, tokens);
    activities = new Activities(System::nanoTime, tokens);
    ClusterObserver observer =
        new ClusterObserver(
            new ClusterCaches(
                ownWrites,
                new ServedKind(clients.writing(), options.scheduler().podGroup(), clock),
                wakeUp::source),
            new LostNodes(this::isNodeGone),
            idleWorkers,
            activities,
            wakeUp::one);
    Applier applier = new Applier(clients.writing(), writes, ownWrites);
    StatusWriter statusWriter = new StatusWriter(clients.writing(), writes);
    Turns turns = new Turns(leadership::mayWrite);
    Supplier<SettingsInForce> settings = settings();
    operator.register(
        new RayClusterReconciler(
            turns,
            observer,
            new SpecWriter(clients.writing(), writes),
            applier,
            statusWriter,
            events,
            settings,
            clock),
        loop::configure);
    DeletionReconciler deletions =
        new DeletionReconciler(turns, observer, applier, statusWriter, events, settings, clock);
    departures = new Departures(wakeUp::clusters, deletions::release);
    endpoints = new HttpEndpoints(options, this::isAlive, this::isReady, metrics::scrape);
  }

  /** Fills the caches, then contends for the lease; returns when the caches are full. */
  public void start() {
    log.info(
        "sp-ray operator {} starts as {}; it watches {}",
        Versions.operator(),
        options.identity(),
        options.watchNamespaces().isEmpty() ? "all namespaces" : options.watchNamespaces());
    apiServer.start();
    var addresses = apiServer.known();
    operator.start();
    departures.start();
    signing.start();
    platform.start(PLATFORM_LOOKED_AT);
    started = true;
    if (!apiServer.known().equals(addresses)) {
      apiServerMoved();
    }
    if (options.leaderElection()) {
      election.start();
    }
  }

  /** TCP port of {@code /livez} and {@code /readyz}. */
  public int healthPort() {
    return endpoints.healthPort();
  }

  /** TCP port of {@code /metrics}. */
  public int metricsPort() {
    return endpoints.metricsPort();
  }

  /** Lets the passes under way end, gives the lease back, closes everything. */
  @Override
  public void close() {
    started = false;
    departures.close();
    operator.stop();
    apiServer.close();
    idleWorkers.close();
    activities.close();
    platform.close();
    events.close();
    if (options.leaderElection()) {
      election.close();
    }
    endpoints.close();
    signing.close();
    loop.close();
    clients.close();
    metrics.close();
    log.info("The operator has stopped");
  }

  /** TCP port on which certificates are signed. */
  public int signingPort() {
    return signing.port();
  }

  private String signingUrl() {
    URI url = options.signingUrl();
    return "https://%s:%d"
        .formatted(url.getHost(), url.getPort() == -1 ? signing.port() : url.getPort());
  }

  private Supplier<SettingsInForce> settings() {
    ClusterSettings ofOptions =
        new ClusterSettings(
            options.pods().withSigningUrl(signingUrl()),
            options.children(),
            options.randomPodDelete(),
            options.scheduler());
    return () ->
        new SettingsInForce(
            ofOptions.withApiServer(apiServer.known()),
            platform.get().decoratingPlain(options.decoratesPlain()));
  }

  private void apiServerMoved() {
    if (started) {
      wakeUp.everybody();
    }
  }

  private boolean mayWrite() {
    return leadership.mayWrite();
  }

  /** False also when nobody can tell, as where the operator may not read nodes. */
  private boolean isNodeGone(String node) {
    try {
      return clients.writing().nodes().withName(node).get() == null;
    } catch (KubernetesClientException e) {
      log.debug("Whether node {} exists is not known: {}", node, e.getMessage());
      return false;
    }
  }

  private boolean isAlive() {
    return !blind && (!options.leaderElection() || !started || election.isAlive());
  }

  /** All caches are filled; a watch that is being opened again doesn't make an instance unready. */
  private boolean isReady() {
    var suspects = operator.getRuntimeInfo().unhealthyInformerWrappingEventSourceHealthIndicator();
    return started && suspects.values().stream().allMatch(RayOperator::areFilled);
  }

  private static boolean areFilled(Map<String, ? extends EventSourceHealthIndicator> sources) {
    for (EventSourceHealthIndicator source : sources.values()) {
      if (source instanceof InformerWrappingEventSourceHealthIndicator<?> informers
          && !informers.informerHealthIndicators().values().stream()
              .allMatch(informer -> informer.hasSynced() && informer.isRunning())) {
        return false;
      }
    }
    return true;
  }

  private void watchEnded(Throwable e) {
    if (started) {
      log.error("A watch has ended for good: this instance asks to be restarted", e);
      blind = true;
    }
  }
}
