package dev.spray.operator.cluster;

import dev.spray.operator.plan.Reason;
import java.util.Set;

/** Why something is done, under the names of its Events: KubeRay's where KubeRay has them. */
final class Reasons {

  /** The cluster was let go although its state in Redis may still be there. */
  static final String REDIS_NOT_CLEANED_UP = "FailedToCleanUpRedis";

  /** The same, because it took too long. */
  static final String FORCE_DELETED = "ForceDeletedStuckCluster";

  private static final Set<String> ALARMING = Set.of(REDIS_NOT_CLEANED_UP, FORCE_DELETED);

  /** Whether somebody should look after what was done for this reason. */
  static boolean isAlarming(Reason reason) {
    return ALARMING.contains(reason.done());
  }

  static Reason createHead(String why) {
    return new Reason("CreatedHeadPod", "FailedToCreateHeadPod", why);
  }

  static Reason createWorker(String why) {
    return new Reason("CreatedWorkerPod", "FailedToCreateWorkerPod", why);
  }

  static Reason deleteHead(String why) {
    return new Reason("DeletedHeadPod", "FailedToDeleteHeadPod", why);
  }

  static Reason deleteWorker(String why) {
    return new Reason("DeletedWorkerPod", "FailedToDeleteWorkerPod", why);
  }

  /** All pods of a group. */
  static Reason deleteGroup(String why) {
    return new Reason("DeletedWorkerPod", "FailedToDeleteWorkerPodCollection", why);
  }

  /** All pods of the cluster. */
  static Reason deleteAll(String why) {
    return new Reason("DeletedPod", "FailedToDeletePodCollection", why);
  }

  /** The cluster itself, by its lifecycle. */
  static Reason suspendExpired(String why) {
    return new Reason("SuspendedExpiredRayCluster", "FailedToSuspendExpiredRayCluster", why);
  }

  /** The same. */
  static Reason deleteExpired(String why) {
    return new Reason("DeletedExpiredRayCluster", "FailedToDeleteExpiredRayCluster", why);
  }

  /** The Secret with the cluster's token. */
  static Reason makeToken(String why) {
    return new Reason("CreatedAuthSecret", "FailedToCreateAuthSecret", why);
  }

  /** The same, where it must be there already. */
  static Reason findToken(String why) {
    return new Reason("FoundAuthSecret", "FailedToFindAuthSecret", why);
  }

  /** The Secret with the token of the cluster's workspace. */
  static Reason makeWorkspaceToken(String why) {
    return new Reason("CreatedWorkspaceSecret", "FailedToCreateWorkspaceSecret", why);
  }

  /** The certificate authority of an encrypted cluster. */
  static Reason authority(String why) {
    return new Reason("MTLSPKIReady", "MTLSFailedToReconcile", why);
  }

  /** What {@code ReplicaFailure} is called when this has failed; KubeRay's words again. */
  static String condition(Reason reason) {
    return switch (reason.failed()) {
      case "FailedToDeletePodCollection" -> "FailedDeleteAllPods";
      case "FailedToDeleteWorkerPodCollection" -> "FailedDeleteWorkerPod";
      case String failed -> failed.replaceFirst("^FailedTo", "Failed");
    };
  }

  private Reasons() {}
}
