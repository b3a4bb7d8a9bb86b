package dev.spray.cli.kube;

import java.util.List;
import java.util.Map;

/**
 * What the flags of {@code create} and {@code update} ask for; null where a flag is absent.
 *
 * @param image name or reference
 * @param rayVersion of the image, for plain clusters
 * @param serviceAccount as whom the pods run
 * @param head size of the head
 * @param group the group that the following ones speak of; null: the only one, or {@code worker}
 * @param workers wanted replicas
 * @param min fewest that the autoscaler leaves
 * @param max most that it makes
 * @param worker size of a worker
 * @param capacity how the nodes are paid for
 * @param notebook whether there is Jupyter
 * @param vscode whether there is VS Code
 * @param tutorials whether there are tutorials
 * @param ssh whether one gets in by ssh
 * @param workspaceSize volume for its files
 * @param idleTimeout how long nobody may use it
 * @param ttl how long it may be there
 * @param onExpiry what happens then
 * @param nodeIsolation mode
 * @param imageStreaming mode
 * @param computeClass GKE's
 * @param suspend whether it begins without pods
 * @param labels of the cluster
 * @param annotations of the cluster
 */
public record Request(
    String image,
    String rayVersion,
    String serviceAccount,
    Size head,
    String group,
    Integer workers,
    Integer min,
    Integer max,
    Size worker,
    String capacity,
    Boolean notebook,
    Boolean vscode,
    Boolean tutorials,
    Boolean ssh,
    String workspaceSize,
    String idleTimeout,
    String ttl,
    String onExpiry,
    String nodeIsolation,
    String imageStreaming,
    String computeClass,
    Boolean suspend,
    Map<String, String> labels,
    Map<String, String> annotations) {

  /**
   * Of one pod.
   *
   * @param gpus 0: none
   * @param topology of TPUs
   */
  public record Size(String cpus, String memory, Integer gpus, String gpuType, String topology) {
    boolean saysNothing() {
      return java.util.stream.Stream.of(cpus, memory, gpus, gpuType, topology)
          .allMatch(java.util.Objects::isNull);
    }
  }

  public Request {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** Whether the flags speak of a worker group. */
  boolean speaksOfWorkers() {
    return group != null
        || workers != null
        || min != null
        || max != null
        || capacity != null
        || !worker.saysNothing();
  }

  /** Flags that only {@code spec.platform} can carry, of those that speak of pods. */
  List<String> beyondPlain() {
    List<String> flags = new java.util.ArrayList<>();
    if (worker.gpuType() != null) {
      flags.add("--worker-gpu-type");
    }
    if (worker.topology() != null) {
      flags.add("--topology");
    }
    if (capacity != null) {
      flags.add("--capacity");
    }
    if (head.gpuType() != null) {
      flags.add("--head-gpu-type");
    }
    return flags;
  }
}
