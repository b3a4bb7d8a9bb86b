package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;

/**
 * The container that collects a cluster's logs and events.
 *
 * @param image its image
 * @param imagePullPolicy absent: Kubernetes' own
 * @param resources absent: requests of 50m CPU and 64Mi memory, limits of 200m and 256Mi
 * @param env where it writes to: {@code STORAGE_BACKEND} and what that backend needs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CollectorOptions(
    String image,
    @OneOf({"", "Always", "IfNotPresent", "Never"}) String imagePullPolicy,
    ResourceRequirements resources,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<EnvVar> env) {

  public CollectorOptions {
    env = env == null ? List.of() : List.copyOf(env);
  }
}
