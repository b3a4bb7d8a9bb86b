package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;

/**
 * The head pod.
 *
 * @param serviceType type of the head service; absent or {@code ClusterIP}: a headless service
 * @param headService what the user says of the head service, its name included; its ports come
 *     before, its selector is the operator's
 * @param enableIngress an Ingress leads to the dashboard
 * @param ingressOptions that Ingress
 * @param resources what Ray is told that the node has, by Ray's names; absent: what the container
 *     asks for
 * @param labels of the node in Ray and of its pod
 * @param rayStartParams flags of {@code ray start} without their leading dashes
 * @param template the pod; its first container is the Ray container
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeadGroupSpec(
    @OneOf({"", "ClusterIP", "NodePort", "LoadBalancer"}) String serviceType,
    Service headService,
    Boolean enableIngress,
    IngressOptions ingressOptions,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> resources,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> rayStartParams,
    @Required PodTemplateSpec template) {

  public HeadGroupSpec {
    resources = resources == null ? Map.of() : Map.copyOf(resources);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    rayStartParams = rayStartParams == null ? Map.of() : Map.copyOf(rayStartParams);
  }

  /** A pod, and how Ray starts in it; nothing else said. */
  public HeadGroupSpec(
      String serviceType, Map<String, String> rayStartParams, PodTemplateSpec template) {
    this(serviceType, null, null, null, null, null, rayStartParams, template);
  }

  /** Whether an Ingress is to lead to the dashboard. */
  public boolean exposed() {
    return Boolean.TRUE.equals(enableIngress);
  }

  /** The options of the Ingress, those that are absent too. */
  public IngressOptions ingress() {
    return ingressOptions == null ? IngressOptions.NONE : ingressOptions;
  }
}
