package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Size;

/**
 * On which nodes the pods may lie.
 *
 * @param nodeIsolation {@link #ONE_RAY_POD_PER_NODE} or {@link #NONE}
 * @param imageStreaming nodes that start an image before all of it is there: {@link #REQUIRED},
 *     {@link #PREFERRED} or {@link #OFF}
 * @param computeClass GKE's class of nodes, which then decides on image streaming, too
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformPlacement(
    @OneOf({PlatformPlacement.ONE_RAY_POD_PER_NODE, PlatformPlacement.NONE}) String nodeIsolation,
    @OneOf({PlatformPlacement.REQUIRED, PlatformPlacement.PREFERRED, PlatformPlacement.OFF})
        String imageStreaming,
    @Size(max = 63) String computeClass) {
  public static final String ONE_RAY_POD_PER_NODE = "OneRayPodPerNode";
  public static final String NONE = "None";
  public static final String REQUIRED = "Required";
  public static final String PREFERRED = "Preferred";
  public static final String OFF = "Off";

  /** Nothing said. */
  public static final PlatformPlacement NOTHING = new PlatformPlacement(null, null, null);
}
