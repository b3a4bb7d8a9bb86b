package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.apply.Applier;
import dev.spray.operator.apply.EventWriter;
import dev.spray.operator.apply.Leadership;
import dev.spray.operator.apply.SpecWriter;
import dev.spray.operator.apply.StatusWriter;
import dev.spray.operator.observe.ClusterObserver;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a RayCluster from what is there to what its spec says. */
@ControllerConfiguration(name = "raycluster")
public final class RayClusterReconciler implements Reconciler<RayCluster> {
  private static final Logger log = LoggerFactory.getLogger(RayClusterReconciler.class);

  private final Turns turns;
  private final ClusterObserver observer;
  private final SpecReconciler specs;
  private final Applier applier;
  private final StatusReconciler statuses;
  private final EventWriter events;
  private final Supplier<SettingsInForce> settings;
  private final InstantSource clock;
  private final KnownRevisions podRevisions = new KnownRevisions();
  private final StandingNotices notices = new StandingNotices();

  /**
   * @param turns the same as of the passes over clusters that are marked for deletion
   * @param settings what holds at the moment
   */
  public RayClusterReconciler(
      Turns turns,
      ClusterObserver observer,
      SpecWriter specWriter,
      Applier applier,
      StatusWriter statusWriter,
      EventWriter events,
      Supplier<SettingsInForce> settings,
      InstantSource clock) {
    this.turns = turns;
    this.observer = observer;
    this.specs = new SpecReconciler(specWriter);
    this.applier = applier;
    this.statuses = new StatusReconciler(statusWriter, events);
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public UpdateControl<RayCluster> reconcile(RayCluster cluster, Context<RayCluster> context) {
    // Those that are marked for deletion are DeletionReconciler's.
    return cluster.isMarkedForDeletion()
        ? UpdateControl.noUpdate()
        : turns.take(cluster, () -> pass(cluster, context)).orElseGet(UpdateControl::noUpdate);
  }

  private UpdateControl<RayCluster> pass(RayCluster cluster, Context<RayCluster> context) {
    Instant now = clock.instant();
    Optional<Duration> leftAlone = statuses.leftAlone(cluster, now);
    if (leftAlone.isPresent()) {
      return lookAgainIn(Stream.of(leftAlone));
    }
    // observe
    SettingsInForce inForce = settings.get();
    ObservedCluster observed = observer.observe(cluster, context, now);
    // resolve, validate
    return switch (specs.complete(cluster, context, inForce.platform())) {
      case SpecReconciler.Result.Good(var warnings) ->
          carryOut(cluster, context, inForce, observed, warnings, now);
      case SpecReconciler.Result.Written _ -> lookAgainIn(Stream.of(Optional.of(Draft.AT_ONCE)));
      case SpecReconciler.Result.Bad bad -> stall(cluster, context, observed, bad, now);
    };
  }

  /**
   * Brings the cluster one step nearer to its spec.
   *
   * @param ofPlatform what the user should know of what the platform makes of it
   */
  private UpdateControl<RayCluster> carryOut(
      RayCluster cluster,
      Context<RayCluster> context,
      SettingsInForce inForce,
      ObservedCluster observed,
      List<String> ofPlatform,
      Instant now) {
    // decide
    Revisions revisions = Revisions.of(cluster, podRevisions.of(cluster));
    Duration stood = notices.stoodFor(cluster, System.nanoTime());
    Expiry expiry =
        ExpiryDecision.decide(cluster, observed, now, stood, inForce.platform().expiryWarning());
    Plan plan =
        ClusterDecision.decide(cluster, revisions, observed, expiry, now, inForce.of(cluster));
    observer.ask(plan, cluster, observed);
    // apply
    if (mends(plan, cluster) && !applier.isThere(cluster)) {
      // What has become of it is on its way here.
      return UpdateControl.noUpdate();
    }
    List<Outcome> outcomes = applier.run(cluster, plan);
    ObservedCluster after = outcomes.isEmpty() ? observed : observer.observeAgain(cluster);
    // status
    List<String> warnings = Warnings.of(cluster, after, ofPlatform);
    RayClusterStatus status =
        ClusterStatus.of(cluster, revisions, after, outcomes, warnings, expiry, now);
    List<Condition> before = Conditions.of(cluster);
    events.write(cluster, ClusterEvents.of(outcomes, before));
    events.write(cluster, ClusterEvents.ofWarnings(warnings, before, status.conditions()));
    events.write(cluster, ClusterEvents.ofConditions(cluster, status.conditions()));
    Optional<Duration> writeStatusIn =
        statuses.write(changed(cluster, outcomes), context, status, now);
    return lookAgainIn(
        Stream.of(
            plan.lookAgainIn(),
            after.lookAgainIn(),
            writeStatusIn,
            tryAgainIn(cluster, outcomes, now)));
  }

  /**
   * Whether there is something to do though a pass has carried out this spec: what was lost, was
   * refused, or comes step by step.
   */
  private static boolean mends(Plan plan, RayCluster cluster) {
    return !plan.actions().isEmpty()
        && cluster.getStatus() != null
        && cluster.getMetadata().getGeneration().equals(cluster.getStatus().observedGeneration());
  }

  /** The cluster as the pass has changed it: a status is written only over what is there. */
  private static RayCluster changed(RayCluster cluster, List<Outcome> outcomes) {
    return outcomes.stream().flatMap(o -> o.cluster().stream()).findFirst().orElse(cluster);
  }

  /** Tells what is wrong with a spec, instead of carrying it out. */
  private UpdateControl<RayCluster> stall(
      RayCluster cluster,
      Context<RayCluster> context,
      ObservedCluster observed,
      SpecReconciler.Result.Bad bad,
      Instant now) {
    RayClusterStatus status = ClusterStatus.stalled(cluster, observed, bad.problems(), now);
    List<Condition> before = Conditions.of(cluster);
    events.write(cluster, ClusterEvents.ofProblems(bad.problems(), before));
    events.write(cluster, ClusterEvents.ofConditions(cluster, status.conditions()));
    Optional<Duration> writeStatusIn = statuses.write(cluster, context, status, now);
    Optional<Duration> tryAgainIn =
        bad.isTriedAgain() ? Optional.of(RefusalPace.pause(cluster, now)) : Optional.empty();
    return lookAgainIn(Stream.of(observed.lookAgainIn(), writeStatusIn, tryAgainIn));
  }

  /**
   * When what failed is tried again, if only another spec would mend it.
   *
   * @throws PassIncomplete if it may be done by itself: then the whole pass is repeated soon
   */
  private static Optional<Duration> tryAgainIn(
      RayCluster cluster, List<Outcome> outcomes, Instant now) {
    List<Outcome.Kind> failures =
        outcomes.stream().flatMap(o -> o.failure().stream()).map(Outcome.Failure::kind).toList();
    if (failures.stream().anyMatch(kind -> kind != Outcome.Kind.INVALID)) {
      throw new PassIncomplete();
    }
    return failures.isEmpty() ? Optional.empty() : Optional.of(RefusalPace.pause(cluster, now));
  }

  /** As soon as any of these says; the safety pass comes anyway. */
  private static UpdateControl<RayCluster> lookAgainIn(Stream<Optional<Duration>> waits) {
    return waits
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .map(wait -> UpdateControl.<RayCluster>noUpdate().rescheduleAfter(wait))
        .orElseGet(UpdateControl::noUpdate);
  }

  /**
   * A failed pass is repeated with growing pauses; what failed stands in status and log already.
   */
  @Override
  public ErrorStatusUpdateControl<RayCluster> updateErrorStatus(
      RayCluster cluster, Context<RayCluster> context, Exception e) {
    if (e instanceof KubernetesClientException) {
      log.warn("The pass over {} failed: {}", ResourceID.fromResource(cluster), e.getMessage());
    } else if (!(e instanceof PassIncomplete) && !(e instanceof Leadership.Lost)) {
      log.error("The pass over {} failed", ResourceID.fromResource(cluster), e);
    }
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  @Override
  public List<EventSource<?, RayCluster>> prepareEventSources(
      EventSourceContext<RayCluster> context) {
    return observer.eventSources(context);
  }
}
