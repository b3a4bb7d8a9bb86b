package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * Where pods may lie.
 *
 * @param nodeIsolation of clusters that don't say; absent: {@link PlatformPlacement#NONE}
 * @param isolatedBy how a node is kept for one Ray pod: {@link #ANTI_AFFINITY}, which holds
 *     whatever the sizes are, or {@link #SIZE}, which costs the scheduler nothing and holds where a
 *     pod takes more than half of every node
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
    String imageStreaming,
    Map<String, String> streamingNodes,
    List<String> streamingRegistries,
    String computeClassLabel,
    Map<String, ComputeClass> computeClasses) {
  public static final String ANTI_AFFINITY = "AntiAffinity";
  public static final String SIZE = "Size";

  /** No rule. */
  static final PlacementRules NONE = new PlacementRules(null, null, null, null, null, null, null);

  public PlacementRules {
    streamingNodes = Absent.or(streamingNodes);
    streamingRegistries = Absent.or(streamingRegistries);
    computeClasses = Absent.or(computeClasses);
  }

  /**
   * A class of nodes.
   *
   * @param imageStreaming whether all its nodes stream images
   */
  public record ComputeClass(boolean imageStreaming) {}
}
