package dev.spray.operator.cluster;

import dev.spray.operator.plan.Reason;

/** Why pods are made and deleted, under the names that KubeRay's Events have. */
final class Reasons {

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

  /** The Secret with the cluster's token. */
  static Reason makeToken(String why) {
    return new Reason("CreatedAuthSecret", "FailedToCreateAuthSecret", why);
  }

  /** The same, where it must be there already. */
  static Reason findToken(String why) {
    return new Reason("FoundAuthSecret", "FailedToFindAuthSecret", why);
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
