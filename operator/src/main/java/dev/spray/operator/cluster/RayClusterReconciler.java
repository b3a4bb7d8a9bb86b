package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.apply.Applier;
import dev.spray.operator.apply.EventWriter;
import dev.spray.operator.apply.Leadership;
import dev.spray.operator.apply.SpecWriter;
import dev.spray.operator.apply.StatusWriter;
import dev.spray.operator.observe.ClusterCaches;
import dev.spray.operator.observe.LostNodes;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.ray.IdleWorkers;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.resources.RayPorts;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a RayCluster from what is there to what its spec says. */
@ControllerConfiguration(name = "raycluster")
public final class RayClusterReconciler implements Reconciler<RayCluster> {
  /**
   * A thousand specs that the API server refuses must cost their neighbours nothing; who mends one
   * doesn't wait for this, as a new generation is looked at at once.
   */
  private static final Duration INVALID_PAUSE = Duration.ofMinutes(1);

  /** As soon as what this pass writes can be seen. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Logger log = LoggerFactory.getLogger(RayClusterReconciler.class);

  private final ClusterCaches caches;
  private final LostNodes lostNodes;
  private final IdleWorkers idleWorkers;
  private final Consumer<ResourceID> wakeUp;
  private final Applier applier;
  private final SpecWriter specWriter;
  private final StatusWriter statusWriter;
  private final EventWriter events;
  private final Leadership leadership;
  private final InstantSource clock;
  private final Supplier<PlatformInForce> platform;
  private final boolean decoratesPlain;
  private final Supplier<ClusterSettings> settings;
  private final Contest contest = new Contest();
  private final KnownRevisions podRevisions = new KnownRevisions();

  /** UIDs of clusters over which there is a pass: one that is deleted is not also carried out. */
  private final Set<String> underway = ConcurrentHashMap.newKeySet();

  /**
   * @param wakeUp has a cluster looked at again
   * @param platform the platform configuration that holds now
   * @param decoratesPlain whether it also holds for clusters without {@code spec.platform}
   * @param settings what holds at the moment
   */
  public RayClusterReconciler(
      ClusterCaches caches,
      LostNodes lostNodes,
      IdleWorkers idleWorkers,
      Consumer<ResourceID> wakeUp,
      Applier applier,
      SpecWriter specWriter,
      StatusWriter statusWriter,
      EventWriter events,
      Leadership leadership,
      InstantSource clock,
      Supplier<PlatformInForce> platform,
      boolean decoratesPlain,
      Supplier<ClusterSettings> settings) {
    this.caches = caches;
    this.lostNodes = lostNodes;
    this.idleWorkers = idleWorkers;
    this.wakeUp = wakeUp;
    this.applier = applier;
    this.specWriter = specWriter;
    this.statusWriter = statusWriter;
    this.events = events;
    this.leadership = leadership;
    this.clock = clock;
    this.platform = platform;
    this.decoratesPlain = decoratesPlain;
    this.settings = settings;
  }

  @Override
  public UpdateControl<RayCluster> reconcile(RayCluster cluster, Context<RayCluster> context) {
    if (cluster.isMarkedForDeletion() || !mayWriteAbout(cluster)) {
      // Every cluster is looked at again when the lease is gained; for deleted ones see release.
      return UpdateControl.noUpdate();
    }
    String uid = cluster.getMetadata().getUid();
    if (!underway.add(uid)) {
      // It has been marked for deletion since.
      return UpdateControl.noUpdate();
    }
    try {
      return pass(cluster, context);
    } finally {
      underway.remove(uid);
    }
  }

  private UpdateControl<RayCluster> pass(RayCluster cluster, Context<RayCluster> context) {
    Instant now = clock.instant();
    Optional<Contest.Verdict> contested = contest.of(cluster, now);
    if (contested.isPresent()) {
      return leaveAlone(cluster, contested.get());
    }
    List<Condition> before = conditions(cluster);
    caches.watchFurther(context);
    ObservedCluster observed = observe(cluster, now);
    Completion completion = Completion.of(cluster, platform.get());
    List<Problem> problems = completed(cluster, context, completion);
    if (completion instanceof Completion.Needed && problems.isEmpty()) {
      return lookAgainIn(Stream.of(AT_ONCE));
    }
    boolean valid = problems.isEmpty();
    Optional<Revisions> revisions =
        valid ? Optional.of(Revisions.of(cluster, podRevisions.of(cluster))) : Optional.empty();
    Plan plan =
        revisions
            .map(known -> ClusterDecision.decide(cluster, known, observed, now, settings(cluster)))
            .orElse(Plan.NOTHING);
    if (plan.asksWhoIsIdle()) {
      askWhoIsIdle(cluster, observed);
    }
    List<Outcome> outcomes = applier.run(cluster, plan);
    ObservedCluster after = outcomes.isEmpty() ? observed : caches.snapshot(cluster);
    (valid ? ClusterEvents.of(outcomes, before) : ClusterEvents.ofProblems(problems, before))
        .forEach(note -> events.write(cluster, note));
    List<String> warnings =
        completion instanceof Completion.Nothing(var ofPlatform) && valid
            ? Warnings.of(cluster, after, ofPlatform)
            : List.of();
    ClusterEvents.ofWarnings(warnings, before).forEach(note -> events.write(cluster, note));
    RayClusterStatus status =
        revisions
            .map(known -> ClusterStatus.of(cluster, known, after, outcomes, warnings, now))
            .orElseGet(() -> ClusterStatus.stalled(cluster, after, problems, now));
    ClusterEvents.ofStop(before, status.conditions()).forEach(note -> events.write(cluster, note));
    Optional<Duration> writeStatusIn = writeStatus(cluster, context, status, now);
    return lookAgainIn(
        Stream.of(
                plan.lookAgainIn(),
                writeStatusIn,
                after.lookAgainIn(),
                tryAgainIn(outcomes),
                tryAgainIn(completion))
            .flatMap(Optional::stream));
  }

  /**
   * Completes a short spec. What is wrong with it is told before anything of it is written.
   *
   * @return all problems; none: it is complete, or is now
   */
  private List<Problem> completed(
      RayCluster cluster, Context<RayCluster> context, Completion completion) {
    return switch (completion) {
      case Completion.Nothing nothing -> ClusterProblems.of(cluster);
      case Completion.Refused refused -> refused.problems();
      case Completion.Needed needed -> {
        List<Problem> problems = ClusterProblems.of(needed.completed());
        yield problems.isEmpty() ? complete(cluster, context, needed) : problems;
      }
    };
  }

  /**
   * Writes what follows from {@code spec.platform}.
   *
   * @return why that failed, if only another spec or somebody's leave would mend it
   * @throws PassIncomplete if it is to be tried again soon
   */
  private List<Problem> complete(
      RayCluster cluster, Context<RayCluster> context, Completion.Needed needed) {
    SpecWriter.Written written =
        specWriter.write(cluster, needed.fields(), needed.groupsGone(), needed.reason());
    written.cluster().ifPresent(ours -> known(ours, cluster, context));
    if (written.failure().filter(f -> f.kind() == Outcome.Kind.TRANSIENT).isPresent()) {
      throw new PassIncomplete();
    }
    return written.failure().stream()
        .map(f -> new Problem(needed.reason().failed(), f.message()))
        .toList();
  }

  /** The next pass may come before the watch has shown the write. */
  private static void known(RayCluster written, RayCluster before, Context<RayCluster> context) {
    context
        .eventSourceRetriever()
        .getControllerEventSource()
        .handleRecentResourceUpdate(ResourceID.fromResource(before), written, before);
  }

  /**
   * When what failed is tried again, if only another spec would mend it.
   *
   * @throws PassIncomplete if it may be done by itself: then the whole pass is repeated soon
   */
  private static Optional<Duration> tryAgainIn(List<Outcome> outcomes) {
    List<Outcome.Kind> failures =
        outcomes.stream().flatMap(o -> o.failure().stream()).map(Outcome.Failure::kind).toList();
    if (failures.stream().anyMatch(kind -> kind != Outcome.Kind.INVALID)) {
      throw new PassIncomplete();
    }
    return failures.isEmpty() ? Optional.empty() : Optional.of(INVALID_PAUSE);
  }

  /** One that was refused on its way may be let through later. */
  private static Optional<Duration> tryAgainIn(Completion completion) {
    return completion instanceof Completion.Needed ? Optional.of(INVALID_PAUSE) : Optional.empty();
  }

  /** Two operators would make, and take away, the same pods. */
  private UpdateControl<RayCluster> leaveAlone(RayCluster cluster, Contest.Verdict contested) {
    if (contested.news()) {
      EventNote note = ClusterEvents.ofContest();
      log.error("{}: {}", ResourceID.fromResource(cluster), note.note());
      events.write(cluster, note);
    }
    return lookAgainIn(Stream.of(contested.pause()));
  }

  private ClusterSettings settings(RayCluster cluster) {
    return settings.get().with(Completion.decoration(cluster, platform.get(), decoratesPlain));
  }

  private ObservedCluster observe(RayCluster cluster, Instant now) {
    return lostNodes
        .mark(caches.snapshot(cluster), now)
        .withIdle(idleWorkers.known(cluster.getMetadata().getUid()));
  }

  /** Once Ray has answered, another pass follows. */
  private void askWhoIsIdle(RayCluster cluster, ObservedCluster observed) {
    ResourceID id = ResourceID.fromResource(cluster);
    observed
        .liveHead()
        .flatMap(ObservedPod::ip)
        .ifPresent(address ->
            idleWorkers.ask(
                cluster.getMetadata().getUid(),
                address,
                RayPorts.ofDashboard(cluster),
                AuthToken.ofHead(cluster),
                () -> wakeUp.accept(id)));
  }

  /**
   * A pass over a cluster that is marked for deletion, of which JOSDK makes none: a step of what is
   * to be done before it can go, if anything is. Is repeated until the cluster is gone.
   */
  public void release(RayCluster cluster) {
    String uid = cluster.getMetadata().getUid();
    if (!mayWriteAbout(cluster) || !underway.add(uid)) {
      return;
    }
    try {
      Instant now = clock.instant();
      ObservedCluster observed = observe(cluster, now);
      Plan plan = DeletionDecision.decide(cluster, observed, now, settings.get());
      List<Outcome> outcomes = applier.run(cluster, plan);
      ClusterEvents.of(outcomes, conditions(cluster)).forEach(note -> events.write(cluster, note));
      if (ReportedFailures.areIn(outcomes) && ClusterProblems.of(cluster).isEmpty()) {
        tellWhatHoldsItUp(cluster, outcomes, now);
      }
    } finally {
      underway.remove(uid);
    }
  }

  /** Also so that its Event is not repeated. Else nobody needs the status of a deleted cluster. */
  private void tellWhatHoldsItUp(RayCluster cluster, List<Outcome> outcomes, Instant now) {
    RayClusterStatus status = ClusterStatus.of(cluster, caches.snapshot(cluster), outcomes, now);
    if (!status.equals(cluster.getStatus())) {
      var _ = statusWriter.write(cluster, status);
    }
  }

  private boolean mayWriteAbout(RayCluster cluster) {
    return leadership.mayWrite() && !isSomebodyElses(cluster);
  }

  /**
   * Writes the status if it changed and it is time.
   *
   * @return how long to wait, if the status changed too soon after it was last written
   */
  private Optional<Duration> writeStatus(
      RayCluster cluster, Context<RayCluster> context, RayClusterStatus status, Instant now) {
    if (status.equals(cluster.getStatus())) {
      return Optional.empty();
    }
    Duration wait = StatusPace.wait(cluster.getStatus(), status, now);
    if (wait.isPositive()) {
      return Optional.of(wait);
    }
    write(cluster, context, status, now);
    return Optional.empty();
  }

  private void write(
      RayCluster cluster, Context<RayCluster> context, RayClusterStatus status, Instant now) {
    Optional<RayCluster> written = statusWriter.write(cluster, status);
    if (cluster.getStatus() != null && cluster.getStatus().writtenByAnother()) {
      log.info("{} is taken over from another operator", ResourceID.fromResource(cluster));
      written.ifPresent(ours -> contest.takenOver(ours, now));
    }
    written.ifPresent(ours -> known(ours, cluster, context));
  }

  /** Nothing is written about it, not even its status. */
  private static boolean isSomebodyElses(RayCluster cluster) {
    return cluster.getSpec() != null && cluster.getSpec().managedElsewhere();
  }

  private static List<Condition> conditions(RayCluster cluster) {
    return cluster.getStatus() == null || cluster.getStatus().conditions() == null
        ? List.of()
        : cluster.getStatus().conditions();
  }

  private static UpdateControl<RayCluster> lookAgainIn(Stream<Duration> waits) {
    return waits
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
    return caches.eventSources(context);
  }

  /** Some write of the pass failed: the pass must be repeated. */
  private static final class PassIncomplete extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PassIncomplete() {
      super("a write failed; the pass is repeated", null, false, false);
    }
  }
}
