package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Reason;
import dev.spray.operator.pods.RedisCleanup;
import dev.spray.operator.resources.FaultTolerance;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides how the state that a cluster's GCS has in Redis goes with the cluster; pure. A finalizer,
 * which stands in the cluster before its first pod, keeps it until the pods are gone and a Job has
 * removed the state, or for as long as an annotation says.
 */
final class RedisCleanupDecision {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  /** What has to be done before anything may be written to Redis. */
  static Optional<Action> prepare(RayCluster cluster, ClusterSettings settings) {
    return settings.children().redisCleanup()
            && FaultTolerance.leavesStateBehind(cluster)
            && !cluster.hasFinalizer(RayLabels.REDIS_FINALIZER)
        ? Optional.of(
            new Action.AddFinalizer(
                RayLabels.REDIS_FINALIZER,
                new Reason(
                    "AddedRedisCleanupFinalizer",
                    "FailedToAddRedisCleanupFinalizer",
                    "its state in Redis is to be removed with the cluster")))
        : Optional.empty();
  }

  /**
   * The next step of a cluster that is marked for deletion.
   *
   * @param cluster has the finalizer
   */
  static List<Action> decide(
      RayCluster cluster, ObservedCluster observed, Instant now, ClusterSettings settings) {
    Optional<String> impossible = impossible(cluster, settings);
    if (impossible.isPresent()) {
      return letGo(Reasons.REDIS_NOT_CLEANED_UP, impossible.get());
    }
    Optional<JobCondition> end = end(cluster, observed);
    boolean headGone = observed.heads().isEmpty();
    if (headGone && end.isPresent()) {
      return end.get().getType().equals("Complete")
          ? letGo("CleanedUpRedis", "its state in Redis is removed")
          : letGo(
              Reasons.REDIS_NOT_CLEANED_UP,
              "Job %s failed (%s), and its state, under %s, may still be in Redis: remove it by hand"
                  .formatted(
                      RedisCleanup.name(cluster),
                      end.get().getMessage(),
                      FaultTolerance.storageNamespace(cluster)));
    }
    Duration timeout = timeout(cluster);
    Instant deleted = Instant.parse(cluster.getMetadata().getDeletionTimestamp());
    if (!now.isBefore(deleted.plus(timeout))) {
      return letGo(
          Reasons.FORCE_DELETED,
          "its state in Redis was not removed within %d s; it is kept there under %s: remove it by hand"
              .formatted(timeout.toSeconds(), FaultTolerance.storageNamespace(cluster)));
    }
    Draft draft = new Draft(now, List.of());
    SuspensionDecision.endAll(observed, "the cluster was deleted", draft);
    boolean hasJob = observed.child("Job", RedisCleanup.name(cluster)).isPresent();
    return headGone && !hasJob
        ? draft.after(List.of(create(cluster, settings))).actions()
        : draft.after(List.of()).actions();
  }

  private static Action create(RayCluster cluster, ClusterSettings settings) {
    return new Action.Create(
        RedisCleanup.job(cluster, settings.pods()),
        new Reason(
            "CreatedRedisCleanupJob",
            "FailedToCreateRedisCleanupJob",
            "the head is gone, and its state in Redis is to be removed"));
  }

  /** Why the state can't be removed, whatever comes. */
  private static Optional<String> impossible(RayCluster cluster, ClusterSettings settings) {
    if (isNamespaceLeaving(cluster)) {
      return Optional.of(
          "its namespace is deleted, and no Job can be made there: its state, under %s, stays in Redis: remove it by hand"
              .formatted(FaultTolerance.storageNamespace(cluster)));
    }
    if (!settings.children().redisCleanup()) {
      return Optional.of(
          "ENABLE_GCS_FT_REDIS_CLEANUP is false: its state, under %s, stays in Redis"
              .formatted(FaultTolerance.storageNamespace(cluster)));
    }
    if (!FaultTolerance.usesRedis(cluster)
        || cluster.getSpec().headGroupSpec() == null
        || Templates.spec(cluster.getSpec().headGroupSpec().template()).getContainers().isEmpty()) {
      return Optional.of(
          "its spec doesn't say any more how to reach Redis: if there is state under %s, remove it by hand"
              .formatted(FaultTolerance.storageNamespace(cluster)));
    }
    return Optional.empty();
  }

  /** The API server has said so when the Job was to be made, and the status keeps it. */
  private static boolean isNamespaceLeaving(RayCluster cluster) {
    return Conditions.find(Conditions.of(cluster), ConditionTypes.REPLICA_FAILURE)
        .filter(failure -> failure.getMessage().contains("because it is being terminated"))
        .isPresent();
  }

  /** How the Job ended; empty while it hasn't. */
  private static Optional<JobCondition> end(RayCluster cluster, ObservedCluster observed) {
    return observed
        .child("Job", RedisCleanup.name(cluster))
        .map(Job.class::cast)
        .filter(job -> job.getStatus() != null)
        .flatMap(job ->
            job.getStatus().getConditions().stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .filter(condition -> List.of("Complete", "Failed").contains(condition.getType()))
                .findFirst());
  }

  private static Duration timeout(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations)
        .map(all -> all.get(RayLabels.FT_DELETION_TIMEOUT))
        .filter(seconds -> SECONDS.matcher(seconds).matches())
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(TIMEOUT);
  }

  private static List<Action> letGo(String event, String why) {
    return List.of(
        new Action.RemoveFinalizer(
            RayLabels.REDIS_FINALIZER,
            new Reason(event, "FailedToRemoveRedisCleanupFinalizer", why)));
  }

  private RedisCleanupDecision() {}
}
