package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.NetworkPolicyConfig;
import dev.spray.api.raycluster.NetworkPolicyRules;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupNetworkPolicyRules;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The NetworkPolicies of a cluster: one for its head, and one for every worker group, also for one
 * that the spec has no more as long as pods of it are there.
 */
public final class NetworkPolicies {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * All that are wanted; none when the spec asks for none.
   *
   * @param running names of the groups of which there are pods
   */
  static List<Child> desired(
      RayCluster cluster, Collection<String> running, NetworkSettings settings) {
    NetworkPolicyConfig config = cluster.getSpec().networkPolicy();
    if (config == null) {
      return List.of();
    }
    NetworkRules rules = new NetworkRules(cluster, settings);
    List<Child> policies = new ArrayList<>();
    policies.add(Child.of(ofHead(cluster, config, rules), "network policy of its head"));
    Set<String> groups = new LinkedHashSet<>();
    cluster.getSpec().workerGroupSpecs().forEach(group -> groups.add(group.groupName()));
    running.stream().filter(group -> !group.isEmpty()).sorted().forEach(groups::add);
    for (String group : groups) {
      policies.add(
          Child.of(ofGroup(cluster, config, group, rules), "network policy of group " + group));
    }
    return policies;
  }

  private static NetworkPolicy ofHead(
      RayCluster cluster, NetworkPolicyConfig config, NetworkRules rules) {
    return policy(cluster, config, cluster.getMetadata().getName() + "-head", RayLabels.HEAD_GROUP)
        .editSpec()
        .editPodSelector()
        .addToMatchLabels(RayLabels.NODE_TYPE, RayLabels.HEAD)
        .endPodSelector()
        .withIngress(config.deniesIngress() ? rules.intoHead(orNone(config.head())) : List.of())
        .withEgress(config.deniesEgress() ? rules.outOfHead(orNone(config.head())) : List.of())
        .endSpec()
        .build();
  }

  private static NetworkPolicy ofGroup(
      RayCluster cluster, NetworkPolicyConfig config, String group, NetworkRules rules) {
    NetworkPolicyRules own = ownRules(config, group);
    Optional<WorkerGroupSpec> spec =
        cluster.getSpec().workerGroupSpecs().stream()
            .filter(other -> group.equals(other.groupName()))
            .findFirst();
    return policy(cluster, config, name(cluster, group), group)
        .editSpec()
        .editPodSelector()
        .addToMatchLabels(RayLabels.GROUP, group)
        .addToMatchLabels(RayLabels.NODE_TYPE, RayLabels.WORKER)
        .endPodSelector()
        .withIngress(config.deniesIngress() ? rules.intoWorkers(spec, own) : List.of())
        .withEgress(config.deniesEgress() ? rules.outOfWorkers(own) : List.of())
        .endSpec()
        .build();
  }

  private static NetworkPolicyBuilder policy(
      RayCluster cluster, NetworkPolicyConfig config, String name, String group) {
    List<String> types = new ArrayList<>();
    if (config.deniesIngress()) {
      types.add("Ingress");
    }
    if (config.deniesEgress()) {
      types.add("Egress");
    }
    return new NetworkPolicyBuilder()
        .withMetadata(Identity.metadata(cluster, name, labels(cluster, group)))
        .withNewSpec()
        .withNewPodSelector()
        .addToMatchLabels(RayLabels.CLUSTER, cluster.getMetadata().getName())
        .endPodSelector()
        .withPolicyTypes(types)
        .endSpec();
  }

  /** {@code <cluster>-workers-<group>}; a group that is gone may have had any name. */
  private static String name(RayCluster cluster, String group) {
    String end =
        DNS_LABEL.matcher(group).matches()
            ? group
            : group.toLowerCase(Locale.ROOT) + "." + Integer.toHexString(group.hashCode());
    return cluster.getMetadata().getName() + "-workers-" + end;
  }

  private static Map<String, String> labels(RayCluster cluster, String group) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(RayLabels.CLUSTER, cluster.getMetadata().getName());
    labels.put(RayLabels.GROUP, group);
    labels.put(RayLabels.APP_NAME, "kuberay");
    labels.put(RayLabels.CREATED_BY, "kuberay-operator");
    return labels;
  }

  /** A group's own rules stand instead of those for all workers. */
  private static NetworkPolicyRules ownRules(NetworkPolicyConfig config, String group) {
    return config.workerGroups().stream()
        .filter(rules -> group.equals(rules.groupName()))
        .findFirst()
        .map(WorkerGroupNetworkPolicyRules::rules)
        .orElseGet(() -> orNone(config.worker()));
  }

  private static NetworkPolicyRules orNone(NetworkPolicyRules rules) {
    return rules == null ? new NetworkPolicyRules(null, null) : rules;
  }

  private NetworkPolicies() {}
}
