package dev.spray.api.scheduling;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;

/** Volcano's PodGroup, as far as it is asked for here. */
@Group("scheduling.volcano.sh")
@Version("v1beta1")
@Kind("PodGroup")
@JsonIgnoreProperties(ignoreUnknown = true)
public class VolcanoPodGroup extends CustomResource<VolcanoPodGroup.Spec, Void>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /**
   * What is to be scheduled together.
   *
   * @param minMember pods
   * @param minResources of those pods
   * @param queue null: Volcano's default
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(
      int minMember,
      Map<String, Quantity> minResources,
      String queue,
      String priorityClassName,
      NetworkTopology networkTopology) {}

  /**
   * How near to each other the pods are to be.
   *
   * @param highestTierAllowed a whole number; a text that is none, for the API server to refuse
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NetworkTopology(String mode, Object highestTierAllowed) {}
}
