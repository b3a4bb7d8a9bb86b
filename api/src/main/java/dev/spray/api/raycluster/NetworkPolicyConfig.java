package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Default;
import java.util.List;

/**
 * Who may talk to the cluster's pods, and to whom they may talk. Among themselves they always may.
 *
 * @param mode {@link #DENY_ALL}, {@link #DENY_ALL_INGRESS} or {@link #DENY_ALL_EGRESS}; absent: the
 *     first
 * @param head what the head may beyond that
 * @param worker what workers may beyond that
 * @param workerGroups instead of {@code worker}, for single groups
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkPolicyConfig(
    @OneOf({
          NetworkPolicyConfig.DENY_ALL,
          NetworkPolicyConfig.DENY_ALL_INGRESS,
          NetworkPolicyConfig.DENY_ALL_EGRESS
        })
        @Default(NetworkPolicyConfig.DENY_ALL)
        String mode,
    NetworkPolicyRules head,
    NetworkPolicyRules worker,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WorkerGroupNetworkPolicyRules> workerGroups) {
  public static final String DENY_ALL = "DenyAll";
  public static final String DENY_ALL_INGRESS = "DenyAllIngress";
  public static final String DENY_ALL_EGRESS = "DenyAllEgress";

  public NetworkPolicyConfig {
    workerGroups = workerGroups == null ? List.of() : List.copyOf(workerGroups);
  }

  /** Whether incoming connections are denied unless a rule allows them. */
  public boolean deniesIngress() {
    return !DENY_ALL_EGRESS.equals(mode);
  }

  /** Whether outgoing connections are denied unless a rule allows them. */
  public boolean deniesEgress() {
    return !DENY_ALL_INGRESS.equals(mode);
  }
}
