package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/**
 * A group of like worker pods.
 *
 * @param groupName unique within the cluster; part of the pods' names and a label value
 * @param replicas wanted pods, held between {@code minReplicas} and {@code maxReplicas}
 * @param minReplicas lower bound
 * @param maxReplicas upper bound
 * @param rayStartParams flags of {@code ray start} without their leading dashes
 * @param scaleStrategy which pods to remove first
 * @param template the pod; its first container is the Ray container. (Its schema is Kubernetes' own
 *     and replaces the open one that is generated from this type.)
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.minReplicas <= self.maxReplicas",
    message = "minReplicas must not be greater than maxReplicas")
public record WorkerGroupSpec(
    @Required @Size(min = 1, max = 63) @Pattern(WorkerGroupSpec.GROUP_NAME) String groupName,
    @Min(0) @Max(Integer.MAX_VALUE) @Default("0") Integer replicas,
    @Required @Min(0) @Max(Integer.MAX_VALUE) @Default("0") Integer minReplicas,
    @Required @Min(0) @Max(Integer.MAX_VALUE) @Default("2147483647") Integer maxReplicas,
    Map<String, String> rayStartParams,
    ScaleStrategy scaleStrategy,
    @Required @PreserveUnknownFields PodTemplateSpec template) {

  /** A DNS subdomain once in lower case: the group's name becomes part of its pods' names. */
  private static final String GROUP_NAME =
      "^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$";

  public WorkerGroupSpec {
    rayStartParams = rayStartParams == null ? Map.of() : Map.copyOf(rayStartParams);
  }

  /** The wanted number of pods: {@code replicas} within its bounds, absent values as KubeRay's. */
  public int desiredReplicas() {
    int min = minReplicas == null ? 0 : minReplicas;
    int max = maxReplicas == null ? Integer.MAX_VALUE : maxReplicas;
    int wanted = replicas == null ? 0 : replicas;
    return Math.min(Math.max(wanted, min), max);
  }
}
