package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where pods may lie.
 *
 * @param nodeIsolation of clusters that don't say; absent: {@link PlatformPlacement#NONE}
 * @param isolatedBy how a node is kept for one Ray pod: {@link #ANTI_AFFINITY}, which holds
 *     whatever the sizes are, and which the scheduler pays for with the number of Ray pods; {@link
 *     #HOST_PORT}, which holds as well and costs it next to nothing, but needs a port of every
 *     node; or {@link #SIZE}, which costs nothing and holds where a pod takes more than half of
 *     every node
 * @param hostPort that port, for {@link #HOST_PORT} only
 * @param imageStreaming of clusters that don't say; absent: {@link PlatformPlacement#OFF}
 * @param streamingNodes labels of nodes that stream images; absent: there are none
 * @param streamingRegistries hosts of the registries from which such nodes can, where {@code *} at
 *     the front stands for any; absent: not known
 * @param computeClassLabel of nodes of a class; absent: there are no classes
 * @param computeClasses by name; absent: not known, any name is taken
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlacementRules(
    String nodeIsolation,
    String isolatedBy,
    Integer hostPort,
    String imageStreaming,
    Map<String, String> streamingNodes,
    List<String> streamingRegistries,
    String computeClassLabel,
    Map<String, ComputeClass> computeClasses) {
  public static final String ANTI_AFFINITY = "AntiAffinity";
  public static final String HOST_PORT = "HostPort";
  public static final String SIZE = "Size";

  /** No rule. */
  static final PlacementRules NONE =
      new PlacementRules(null, null, null, null, null, null, null, null);

  /** The same, but that clusters that don't say get nothing. */
  PlacementRules withoutDefaults() {
    return new PlacementRules(
        null,
        isolatedBy,
        hostPort,
        null,
        streamingNodes,
        streamingRegistries,
        computeClassLabel,
        computeClasses);
  }

  public PlacementRules {
    streamingNodes = Absent.or(streamingNodes);
    streamingRegistries = Absent.or(streamingRegistries);
    computeClasses = Absent.or(computeClasses);
  }

  /**
   * A class of nodes.
   *
   * @param imageStreaming whether all its nodes stream images
   * @param onePodPerNode whether it gives each pod a node by itself, as Autopilot's Performance and
   *     Accelerator do; absent: no
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComputeClass(boolean imageStreaming, Boolean onePodPerNode) {
    boolean isolates() {
      return Boolean.TRUE.equals(onePodPerNode);
    }
  }

  /** What is known of a class; null, like a name that nobody knows, is none. */
  Optional<ComputeClass> computeClass(String name) {
    return Optional.ofNullable(name).map(computeClasses::get);
  }
}
