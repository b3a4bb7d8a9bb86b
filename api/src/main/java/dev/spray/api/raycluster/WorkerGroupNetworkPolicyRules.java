package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.util.List;

/**
 * What is allowed to the pods of one worker group.
 *
 * @param groupName an entry of {@code workerGroupSpecs}
 * @param ingressRules incoming connections
 * @param egressRules outgoing connections
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerGroupNetworkPolicyRules(
    @Required String groupName,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NetworkPolicyIngressRule> ingressRules,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NetworkPolicyEgressRule> egressRules) {

  public WorkerGroupNetworkPolicyRules {
    ingressRules = ingressRules == null ? List.of() : List.copyOf(ingressRules);
    egressRules = egressRules == null ? List.of() : List.copyOf(egressRules);
  }

  /** The rules alone. */
  public NetworkPolicyRules rules() {
    return new NetworkPolicyRules(ingressRules, egressRules);
  }
}
