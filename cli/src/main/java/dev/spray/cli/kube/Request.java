package dev.spray.cli.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the flags of {@code create} and {@code update} ask for; null where a flag is absent.
 *
 * @param image name or reference
 * @param rayVersion of the image, for plain clusters
 * @param serviceAccount as whom the pods run
 * @param head size of the head
 * @param workers of one group
 * @param workspace beside the head
 * @param lifecycle when it goes by itself
 * @param placement where its pods may lie
 * @param suspend whether it begins without pods
 * @param labels of the cluster
 * @param annotations of the cluster
 */
public record Request(
    String image,
    String rayVersion,
    String serviceAccount,
    Size head,
    Workers workers,
    Workspace workspace,
    Lifecycle lifecycle,
    Placement placement,
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
      return nothing(cpus, memory, gpus, gpuType, topology);
    }
  }

  /**
   * Of one group.
   *
   * @param group its name; null: the only one, or {@code worker}
   * @param replicas wanted
   * @param min fewest that the autoscaler leaves
   * @param max most that it makes
   * @param size of one
   * @param capacity how their nodes are paid for
   * @param reservation which one, where they are reserved
   */
  public record Workers(
      String group,
      Integer replicas,
      Integer min,
      Integer max,
      Size size,
      String capacity,
      String reservation) {
    boolean saysNothing() {
      return nothing(group, replicas, min, max, capacity, reservation) && size.saysNothing();
    }
  }

  /**
   * Beside the head.
   *
   * @param notebook whether there is Jupyter
   * @param vscode whether there is VS Code
   * @param tutorials whether there are tutorials
   * @param ssh whether one gets in by ssh
   * @param size of a volume for its files
   */
  public record Workspace(
      Boolean notebook, Boolean vscode, Boolean tutorials, Boolean ssh, String size) {}

  /**
   * When a cluster goes by itself.
   *
   * @param idleTimeout how long nobody may use it
   * @param ttl how long it may be there
   * @param onExpiry what happens then
   */
  public record Lifecycle(String idleTimeout, String ttl, String onExpiry) {}

  /**
   * Where pods may lie.
   *
   * @param nodeIsolation mode
   * @param imageStreaming mode
   * @param computeClass GKE's
   */
  public record Placement(String nodeIsolation, String imageStreaming, String computeClass) {}

  public Request {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** Flags that only {@code spec.platform} can carry, of those that speak of pods. */
  List<String> beyondPlain() {
    List<String> flags = new ArrayList<>();
    if (workers.size().gpuType() != null) {
      flags.add("--worker-gpu-type");
    }
    if (workers.size().topology() != null) {
      flags.add("--topology");
    }
    if (workers.capacity() != null) {
      flags.add("--capacity");
    }
    if (workers.reservation() != null) {
      flags.add("--reservation");
    }
    if (head.gpuType() != null) {
      flags.add("--head-gpu-type");
    }
    return flags;
  }

  private static boolean nothing(Object... parts) {
    return Stream.of(parts).allMatch(Objects::isNull);
  }
}
