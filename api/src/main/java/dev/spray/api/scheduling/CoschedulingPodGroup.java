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

/** The PodGroup of scheduler-plugins' coscheduling, as far as it is asked for here. */
@Group("scheduling.x-k8s.io")
@Version("v1alpha1")
@Kind("PodGroup")
@JsonIgnoreProperties(ignoreUnknown = true)
public class CoschedulingPodGroup extends CustomResource<CoschedulingPodGroup.Spec, Void>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /**
   * What is to be scheduled together.
   *
   * @param minMember pods
   * @param minResources of those pods
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(int minMember, Map<String, Quantity> minResources) {}
}
