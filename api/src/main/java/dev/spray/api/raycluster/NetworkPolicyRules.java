package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.util.List;

/**
 * What is allowed to some pods.
 *
 * @param ingressRules incoming connections
 * @param egressRules outgoing connections
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkPolicyRules(
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NetworkPolicyIngressRule> ingressRules,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NetworkPolicyEgressRule> egressRules) {

  public NetworkPolicyRules {
    ingressRules = ingressRules == null ? List.of() : List.copyOf(ingressRules);
    egressRules = egressRules == null ? List.of() : List.copyOf(egressRules);
  }
}
