package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/**
 * What the user wants.
 *
 * @param rayVersion the Ray version of the images, for example {@code 2.60.0}; decides which health
 *     probes the pods get. Absent: probes that every Ray version knows
 * @param headGroupSpec the head pod
 * @param workerGroupSpecs the worker groups, one per {@code groupName}; absent: a head alone
 * @param unreadable not part of the API: why nothing else could be read; null when it could
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RayClusterSpec(
    String rayVersion,
    @Required HeadGroupSpec headGroupSpec,
    List<WorkerGroupSpec> workerGroupSpecs,
    @JsonIgnore String unreadable) {

  public RayClusterSpec {
    workerGroupSpecs = workerGroupSpecs == null ? List.of() : List.copyOf(workerGroupSpecs);
  }

  /**
   * A spec that stands for one that could not be read.
   *
   * @param why names the field and what is wrong with it
   */
  static RayClusterSpec unreadable(String why) {
    return new RayClusterSpec(null, null, List.of(), why);
  }
}
