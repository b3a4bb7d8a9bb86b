package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.apply.Applier;
import dev.spray.operator.apply.EventWriter;
import dev.spray.operator.apply.StatusWriter;
import dev.spray.operator.observe.ClusterObserver;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Makes the passes over clusters that are marked for deletion, of which JOSDK makes none. */
public final class DeletionReconciler {
  private final Turns turns;
  private final ClusterObserver observer;
  private final Applier applier;
  private final StatusWriter statusWriter;
  private final EventWriter events;
  private final Supplier<SettingsInForce> settings;
  private final InstantSource clock;

  /**
   * @param turns the same as of the passes over living clusters
   * @param settings what holds at the moment
   */
  public DeletionReconciler(
      Turns turns,
      ClusterObserver observer,
      Applier applier,
      StatusWriter statusWriter,
      EventWriter events,
      Supplier<SettingsInForce> settings,
      InstantSource clock) {
    this.turns = turns;
    this.observer = observer;
    this.applier = applier;
    this.statusWriter = statusWriter;
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Does a step of what is to be done before a cluster can go, if anything is. Is repeated until
   * the cluster is gone.
   */
  public void release(RayCluster cluster) {
    var _ = turns.take(cluster, () -> pass(cluster));
  }

  private List<Outcome> pass(RayCluster cluster) {
    Instant now = clock.instant();
    ObservedCluster observed = observer.observe(cluster, now);
    Plan plan = DeletionDecision.decide(cluster, observed, now, settings.get().ofAll());
    List<Outcome> outcomes = applier.run(cluster, plan);
    events.write(cluster, ClusterEvents.of(outcomes, Conditions.of(cluster)));
    if (ReportedFailures.areIn(outcomes) && ClusterProblems.of(cluster).isEmpty()) {
      tellWhatHoldsItUp(cluster, outcomes, now);
    }
    return outcomes;
  }

  /** Also so that its Event is not repeated. Else nobody needs the status of a deleted cluster. */
  private void tellWhatHoldsItUp(RayCluster cluster, List<Outcome> outcomes, Instant now) {
    ObservedCluster after = observer.observeAgain(cluster);
    RayClusterStatus status = ClusterStatus.of(cluster, after, outcomes, now);
    if (!status.equals(cluster.getStatus())) {
      var _ = statusWriter.write(cluster, status);
    }
  }
}
