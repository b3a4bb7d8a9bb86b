package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/**
 * The head pod.
 *
 * @param serviceType type of the head service; absent or {@code ClusterIP}: a headless service
 * @param rayStartParams flags of {@code ray start} without their leading dashes
 * @param template the pod; its first container is the Ray container. (Its schema is Kubernetes' own
 *     and replaces the open one that is generated from this type.)
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeadGroupSpec(
    String serviceType,
    Map<String, String> rayStartParams,
    @Required @PreserveUnknownFields PodTemplateSpec template) {

  public HeadGroupSpec {
    rayStartParams = rayStartParams == null ? Map.of() : Map.copyOf(rayStartParams);
  }
}
