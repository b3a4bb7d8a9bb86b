package dev.spray.e2e.testbed;

/** RayClusters as a user would write them. */
public final class Manifests {

  /** A head alone. */
  public static String head(String name) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata:
      name: %s
    spec:
      rayVersion: 2.60.0
      headGroupSpec:
        rayStartParams: {}
        template:
          spec:
            containers:
            - name: ray-head
              image: rayproject/ray:2.60.0
              resources:
                requests: {cpu: "1", memory: 2Gi}
                limits: {memory: 2Gi}
    """
        .formatted(name);
  }

  /** A head with Ray's autoscaler, and one group called {@code small}. */
  public static String autoscaled(String name, int workers) {
    return head(name).replace("      spec:\n", "      spec:\n        serviceAccountName: default\n")
        + "  enableInTreeAutoscaling: true\n"
        + "  workerGroupSpecs:\n"
        + group("small", workers);
  }

  /** The same cluster with the state of its GCS in Redis. */
  public static String withRedis(String manifest) {
    return manifest + "  gcsFaultToleranceOptions: {redisAddress: \"redis:6379\"}\n";
  }

  /**
   * A head on which nothing runs but Ray, and an empty group called {@code small}: a worker comes
   * for a task and goes when it is idle.
   *
   * @param further what else the spec says, for example {@code authOptions: {mode: token}}
   */
  public static String elastic(String further, int idleSeconds) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata:
      name: elastic
    spec:
      rayVersion: 2.60.0
      %s
      enableInTreeAutoscaling: true
      autoscalerOptions:
        version: v2
        idleTimeoutSeconds: %d
        env:
        - {name: AUTOSCALER_UPDATE_INTERVAL_S, value: "1"}
      headGroupSpec:
        rayStartParams: {num-cpus: "0"}
        template:
          spec:
            containers:
            - name: ray-head
              image: rayproject/ray:2.60.0
              resources:
                requests: {cpu: 500m, memory: 2Gi}
                limits: {memory: 2Gi}
      workerGroupSpecs:
      - groupName: small
        replicas: 0
        minReplicas: 0
        maxReplicas: 2
        rayStartParams: {}
        template:
          spec:
            containers:
            - name: ray-worker
              image: rayproject/ray:2.60.0
              resources:
                requests: {cpu: "1", memory: 2Gi}
                limits: {memory: 2Gi}
    """
        .formatted(further, idleSeconds);
  }

  /** A head and one group called {@code tpu}, whose replicas have several hosts. */
  public static String multiHost(String name, int replicas, int hosts) {
    return head(name)
        + "  workerGroupSpecs:\n"
        + group("tpu", replicas)
            .replace(
                "    rayStartParams", "    numOfHosts: %d\n    rayStartParams".formatted(hosts));
  }

  /** A short one: a head and one group called {@code small}; small enough for one node. */
  public static String platform(String name, int workers) {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata:
      name: %s
    spec:
      platform:
        placement: {nodeIsolation: None}
        head: {cpu: 1, memory: 1Gi}
        groups:
        - {groupName: small, replicas: %d, cpu: 1, memory: 1Gi}
    """
        .formatted(name, workers);
  }

  /** A short one called {@code my-cluster}: a worker with a GPU, and a whole workspace. */
  public static String workspace() {
    return """
    apiVersion: ray.io/v1
    kind: RayCluster
    metadata: {name: my-cluster}
    spec:
      platform:
        groups:
        - {groupName: worker, accelerator: {type: t4}}
        workspace: {notebook: true, vscode: true, tutorials: true}
    """;
  }

  /** A head and one group called {@code small}. */
  public static String cluster(String name, int workers) {
    return head(name) + "  workerGroupSpecs:\n" + group("small", workers);
  }

  /**
   * A head and one group called {@code small}, which go by themselves.
   *
   * @param lifecycle for example {@code ttl: 14d}
   */
  public static String expiring(String name, int workers, String lifecycle) {
    return cluster(name, workers)
        .replace(
            "spec:\n  rayVersion",
            "spec:\n  platform: {placement: {nodeIsolation: None}, lifecycle: {%s}}\n  rayVersion"
                .formatted(lifecycle));
  }

  /** A head and one group called {@code small}, with an upgrade strategy. */
  public static String upgraded(String name, int workers, String strategy) {
    return cluster(name, workers)
        .replace(
            "spec:\n  rayVersion",
            "spec:\n  upgradeStrategy: {type: %s}\n  rayVersion".formatted(strategy));
  }

  /** The same manifest with another variable in the workers' environment. */
  public static String changed(String manifest) {
    return manifest.replace(
        "- name: ray-worker\n",
        "- name: ray-worker\n          env: [{name: CHANGED, value: \"1\"}]\n");
  }

  /** A cluster that has everything beside its pods that a cluster of single hosts can have. */
  public static String everything(String name, int workers) {
    return cluster(name, workers)
        .replace(
            "  name: %s\n".formatted(name),
            """
              name: %s
              annotations:
                ray.io/enable-serve-service: "true"
                kubernetes.io/ingress.class: nginx
            """
                .formatted(name))
        .replace("spec:\n  rayVersion", "spec:\n  enableInTreeAutoscaling: true\n  rayVersion")
        .replace("headGroupSpec:\n", "headGroupSpec:\n    enableIngress: true\n");
  }

  /** A head and one group called {@code small}, which ask callers for a token. */
  public static String authenticated(String name, int workers) {
    return cluster(name, workers)
        .replace("spec:\n  rayVersion", "spec:\n  authOptions: {mode: token}\n  rayVersion");
  }

  /** The cluster of a manifest, encrypted. */
  public static String encrypted(String manifest) {
    return manifest.replace("  rayVersion", "  tlsOptions: {enabled: true}\n  rayVersion");
  }

  /** An entry of {@code workerGroupSpecs}. */
  public static String group(String name, int workers) {
    return """
      - groupName: %s
        replicas: %d
        minReplicas: 0
        maxReplicas: 1000
        rayStartParams: {}
        template:
          spec:
            containers:
            - name: ray-worker
              image: rayproject/ray:2.60.0
              resources:
                requests: {cpu: "1", memory: 1Gi}
                limits: {memory: 1Gi}
    """
        .formatted(name, workers)
        .indent(0);
  }

  private Manifests() {}
}
