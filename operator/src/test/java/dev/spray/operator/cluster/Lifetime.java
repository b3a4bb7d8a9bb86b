package dev.spray.operator.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Extension;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.operator.Clusters;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.ray.Activity;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster with a lifecycle, the operator's clocks, and what its head says: the passes of an
 * operator over it, as far as expiry goes.
 */
final class Lifetime {
  static final Instant START = World.START;
  static final Duration WARNING = Duration.ofMinutes(15);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObservedCluster withHead;
  private final Revisions revisions;
  private final ObservedCluster withoutPods =
      new ObservedCluster(List.of(), List.of(), Optional.empty());
  private StandingNotices notices = new StandingNotices();
  private long nanoTime = Long.MAX_VALUE - 1;
  private Activity said;
  private long saidAt;

  RayCluster cluster;
  Instant wall = START;
  Duration warning = WARNING;
  boolean hasHead = true;

  /** Events of all passes. */
  final List<EventNote> events = new ArrayList<>();

  /** The decision of the last pass. */
  Expiry last = Expiry.NONE;

  /**
   * A cluster that was just created, and is ready.
   *
   * @param lifecycle as a user writes it
   */
  Lifetime(String lifecycle) {
    cluster = cluster(lifecycle);
    revisions = Revisions.of(cluster);
    withHead = World.settled(cluster).observed();
    // Its head is as old as it is.
    wall = START.plusSeconds(60);
  }

  private static RayCluster cluster(String lifecycle) {
    RayCluster cluster =
        Clusters.named("demo").with("platform: {lifecycle: %s}".formatted(lifecycle)).build();
    cluster.getMetadata().setCreationTimestamp(START.toString());
    return cluster;
  }

  /** Another lifecycle, which its user writes now. */
  void lifecycle(String lifecycle) {
    RayCluster other = cluster(lifecycle);
    other.getMetadata().setAnnotations(cluster.getMetadata().getAnnotations());
    other.setStatus(cluster.getStatus());
    cluster = other;
  }

  /** It is suspended, or resumed. */
  void suspended(boolean suspended) {
    ObjectNode spec = JSON.valueToTree(cluster.getSpec());
    spec.put("idleSuspend", suspended);
    cluster.setSpec(JSON.convertValue(spec, RayClusterSpec.class));
    hasHead = !suspended;
  }

  /** What its user annotates it with; null: not any more. */
  void extend(String until) {
    cluster
        .getMetadata()
        .setAnnotations(until == null ? Map.of() : Map.of(Extension.ANNOTATION, until));
  }

  /** Time passes, by all clocks. */
  void pass(Duration time) {
    wall = wall.plus(time);
    nanoTime += time.toNanos();
  }

  /** The wall clock is set. */
  void set(Duration by) {
    wall = wall.plus(by);
  }

  /** Another process takes over. */
  void restart() {
    notices = new StandingNotices();
    nanoTime = 7;
    said = null;
  }

  /** What the head says from now on whenever it is asked; null: it isn't asked. */
  void says(Activity activity) {
    said = activity;
    saidAt = nanoTime;
  }

  /** The same as now, said again. */
  void asked() {
    saidAt = nanoTime;
  }

  /** A pass of the operator that isn't told to the API server. */
  Expiry decide() {
    last =
        ExpiryDecision.decide(
            cluster, observed(), wall, notices.stoodFor(cluster, nanoTime), warning);
    return last;
  }

  /** A pass of the operator. */
  Expiry look() {
    Expiry expiry = decide();
    tell(expiry);
    return expiry;
  }

  /** A pass that deletes the head. */
  void lookAndLoseTheHead() {
    Expiry expiry = decide();
    hasHead = false;
    tell(expiry);
  }

  /** A pass over it as over one whose spec can't be carried out. */
  void lookStalled() {
    List<Problem> problems = List.of(new Problem("InvalidRayClusterSpec", "it is wrong"));
    tell(ClusterStatus.stalled(cluster, observed(), problems, wall));
  }

  private void tell(Expiry expiry) {
    tell(ClusterStatus.of(cluster, revisions, observed(), List.of(), List.of(), expiry, wall));
  }

  private void tell(RayClusterStatus status) {
    events.addAll(ClusterEvents.ofConditions(cluster, status.conditions()));
    cluster.setStatus(status);
  }

  /** Passes until something is to be done, when they ask to be. */
  Optional<Action> run(int passes) {
    for (int i = 0; i < passes; i++) {
      Expiry expiry = look();
      if (expiry.carriedOut()) {
        return deed();
      }
      if (expiry.asksWhatRuns() && said != null) {
        asked();
      } else {
        pass(expiry.lookAgainIn().orElseThrow());
      }
    }
    return Optional.empty();
  }

  Optional<Action> deed() {
    return ExpiryDecision.action(cluster, last);
  }

  Optional<Condition> condition(String type) {
    return Conditions.find(Conditions.of(cluster), type);
  }

  Optional<Condition> expiring() {
    return condition(ConditionTypes.EXPIRING);
  }

  private ObservedCluster observed() {
    return (hasHead ? withHead : withoutPods)
        .withActivity(
            Optional.ofNullable(said)
                .map(activity -> activity.aged(Duration.ofNanos(nanoTime - saidAt))));
  }
}
