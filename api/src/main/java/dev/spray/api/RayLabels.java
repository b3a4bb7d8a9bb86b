package dev.spray.api;

/** Labels and annotations of Ray pods and services; KubeRay's, whom Ray and many tools rely on. */
public final class RayLabels {
  /** {@code yes} on every pod that runs Ray. */
  public static final String IS_RAY_NODE = "ray.io/is-ray-node";

  /** Name of the RayCluster. */
  public static final String CLUSTER = "ray.io/cluster";

  /**
   * {@link #HEAD} or {@link #WORKER}; {@link #REDIS_CLEANUP} on what removes a cluster's state. No
   * template can change it, KubeRay's neither: by it the operator finds pods.
   */
  public static final String NODE_TYPE = "ray.io/node-type";

  /** Name of the worker group, {@link #HEAD_GROUP} on the head. */
  public static final String GROUP = "ray.io/group";

  /** {@code <cluster>-<node type>}. */
  public static final String IDENTIFIER = "ray.io/identifier";

  /** Position of a worker within its group, from 0. */
  public static final String REPLICA_INDEX = "ray.io/worker-group-replica-index";

  /** Name that the pods of a replica with several hosts share. */
  public static final String REPLICA_NAME = "ray.io/worker-group-replica-name";

  /** Position of a pod within such a replica, from 0. */
  public static final String HOST_INDEX = "ray.io/replica-host-index";

  /** Name of what a user made, and from which this RayCluster or service comes. */
  public static final String ORIGINATED_FROM_NAME = "ray.io/originated-from-cr-name";

  /** Its kind, for example {@code RayJob}. */
  public static final String ORIGINATED_FROM_CRD = "ray.io/originated-from-crd";

  /**
   * On pods of a RayService: {@code true} where its service sends requests; on services for Ray
   * Serve: {@code <name>-serve}.
   */
  public static final String SERVE = "ray.io/serve";

  public static final String APP_NAME = "app.kubernetes.io/name";
  public static final String CREATED_BY = "app.kubernetes.io/created-by";

  /** On a RayCluster: {@code true} makes a service for Ray Serve. */
  public static final String ENABLE_SERVE_SERVICE = "ray.io/enable-serve-service";

  /** On the service of multi-host workers: name of the RayCluster. */
  public static final String HEADLESS_WORKER_SERVICE = "ray.io/headless-worker-svc";

  /** On a RayCluster or a pod: {@code true} leaves the container's command as the user wrote it. */
  public static final String OVERWRITE_COMMAND = "ray.io/overwrite-container-cmd";

  /**
   * On the head pod: whether the GCS survives its loss. On a RayCluster: {@code true} says that it
   * does, by a Redis that the head's environment names; the way before there were options for it.
   */
  public static final String FT_ENABLED = "ray.io/ft-enabled";

  /** On the head pod, and on a RayCluster as above: under what name its state is kept in Redis. */
  public static final String STORAGE_NAMESPACE = "ray.io/external-storage-namespace";

  /** On a RayCluster: how many seconds after its deletion its state in Redis is given up. */
  public static final String FT_DELETION_TIMEOUT = "ray.io/gcs-ft-deletion-timeout";

  /** On a RayCluster: {@code true} leaves it without a head once it has lost its first one. */
  public static final String NO_HEAD_RESTART = "ray.io/disable-provisioned-head-restart";

  /** Finalizer of a RayCluster that Ray's autoscaler deletes because nobody uses it. */
  public static final String IDLE_FINALIZER = "ray.io/idle-termination-cleanup-finalizer";

  /** Finalizer of a RayCluster that has state in Redis. */
  public static final String REDIS_FINALIZER = "ray.io/gcs-ft-redis-cleanup-finalizer";

  /**
   * On a RayCluster with {@code tlsOptions}: name of a Secret with the certificate authority that
   * signs for its pods; else the operator makes one.
   */
  public static final String CERTIFICATE_AUTHORITY = "sp-ray.dev/certificate-authority";

  /** On objects that are applied, not only created: hash of what the operator wants of them. */
  public static final String DESIRED_HASH = "sp-ray.dev/desired-hash";

  /** On pods: hash of what the spec said of them when they were made. */
  public static final String REVISION = "sp-ray.dev/revision";

  /**
   * On the head pod: which operator made it. KubeRay leaves a head that another version of itself
   * made as it is, and compares it with what changes from then on.
   */
  public static final String KUBERAY_VERSION = "ray.io/kuberay-version";

  public static final String HEAD = "head";
  public static final String WORKER = "worker";
  public static final String REDIS_CLEANUP = "redis-cleanup";
  public static final String HEAD_GROUP = "headgroup";

  private RayLabels() {}
}
