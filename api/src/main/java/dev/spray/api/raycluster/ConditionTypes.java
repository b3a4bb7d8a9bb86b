package dev.spray.api.raycluster;

import java.util.Set;

/** Condition types of a RayCluster: KubeRay's, and beside them kstatus' three and our own. */
public final class ConditionTypes {
  /** The head pod is running and ready. */
  public static final String HEAD_POD_READY = "HeadPodReady";

  /** All pods have been ready together once; only a suspension takes it back. */
  public static final String PROVISIONED = "RayClusterProvisioned";

  /** The pods are on their way out because the cluster is to be suspended. */
  public static final String SUSPENDING = "RayClusterSuspending";

  /** The cluster is suspended: it has no pods. */
  public static final String SUSPENDED = "RayClusterSuspended";

  /** Creating or deleting a pod failed; only present while true. */
  public static final String REPLICA_FAILURE = "ReplicaFailure";

  /** All wanted pods are ready now, and no others exist. */
  public static final String READY = "Ready";

  /** The operator is at work on the spec. */
  public static final String RECONCILING = "Reconciling";

  /** The spec can't be carried out as it stands; the message says what to change. */
  public static final String STALLED = "Stalled";

  /** Those that KubeRay writes too, without a generation. */
  static final Set<String> KUBERAYS =
      Set.of(HEAD_POD_READY, PROVISIONED, SUSPENDING, SUSPENDED, REPLICA_FAILURE);

  /**
   * There are pods that are older than the spec; only present while true. The reason says what
   * becomes of them, the message how far it is.
   */
  public static final String UPDATE_PENDING = "UpdatePending";

  /**
   * Nothing runs in the cluster, as its head says; only there while {@code
   * spec.platform.lifecycle.idleTimeout} is and a head is. It turned true when the last thing ended
   * that is known of.
   */
  public static final String IDLE = "Idle";

  /**
   * The cluster is going to be suspended or deleted, as its {@code spec.platform.lifecycle} says;
   * only there while true. The reason says which and why, the message when and what to do against
   * it.
   */
  public static final String EXPIRING = "Expiring";

  /** There is a notebook server; only present where one is asked for, and never waited for. */
  public static final String NOTEBOOK_READY = "NotebookReady";

  /** There is VS Code; likewise. */
  public static final String IDE_READY = "IdeReady";

  /** The tutorials are in the workspace; likewise. */
  public static final String TUTORIALS_READY = "TutorialsReady";

  /** All that the operator writes; others may keep more in the same list. */
  public static final Set<String> OURS =
      Set.of(
          HEAD_POD_READY,
          PROVISIONED,
          SUSPENDING,
          SUSPENDED,
          REPLICA_FAILURE,
          READY,
          RECONCILING,
          STALLED,
          UPDATE_PENDING,
          IDLE,
          EXPIRING,
          NOTEBOOK_READY,
          IDE_READY,
          TUTORIALS_READY);

  private ConditionTypes() {}
}
