package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.resources.NetworkSettings.Endpoint;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which flows they let through is tried in {@code NetworkFlowsTest} of the layer api. */
class NetworkPoliciesTest {
  private static final NetworkPolicyPeer OPERATOR =
      NetworkSettings.pods("ray-system", Map.of("app", "operator"));
  private static final NetworkSettings SETTINGS =
      new NetworkSettings(
          Optional.of(OPERATOR),
          List.of(),
          List.of(
              new Endpoint("10.0.0.1", 443),
              new Endpoint("192.168.1.2", 6443),
              new Endpoint("fd00::2", 6443)));

  @Test
  void whoAsksForNoneGetsNone() {
    assertThat(NetworkPolicies.desired(Clusters.named("demo").build(), List.of("a"), SETTINGS))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DenyAll, Ingress Egress", "DenyAllIngress, Ingress", "DenyAllEgress, Egress"})
  void theModeSaysWhichDirections(String mode, String types) {
    for (NetworkPolicy policy : policies(cluster("networkPolicy: {mode: " + mode + "}")).values()) {
      assertThat(policy.getSpec().getPolicyTypes()).containsExactly(types.split(" ", -1));
      assertThat(policy.getSpec().getIngress().isEmpty()).isEqualTo(!types.contains("Ingress"));
      assertThat(policy.getSpec().getEgress().isEmpty()).isEqualTo(!types.contains("Egress"));
    }
  }

  @Test
  void everyPodIsSelectedByItsGroup() {
    Map<String, NetworkPolicy> policies = policies(cluster("networkPolicy: {}"), "small", "gone");

    assertThat(policies).containsOnlyKeys("demo-head", "demo-workers-small", "demo-workers-gone");
    assertThat(selected(policies.get("demo-head")))
        .isEqualTo(Map.of(RayLabels.CLUSTER, "demo", RayLabels.NODE_TYPE, "head"));
    assertThat(selected(policies.get("demo-workers-gone")))
        .isEqualTo(
            Map.of(
                RayLabels.CLUSTER, "demo",
                RayLabels.NODE_TYPE, "worker",
                RayLabels.GROUP, "gone"));
  }

  /** Such a group was made before the cluster had a network policy. */
  @Test
  void aGroupThatIsGoneMayHaveHadAnyName() {
    Map<String, NetworkPolicy> policies = policies(cluster("networkPolicy: {}"), "Small", "a.b");

    assertThat(policies).hasSize(4);
    assertThat(policies.keySet())
        .allSatisfy(name -> assertThat(name).matches("[a-z0-9]([-.a-z0-9]*[a-z0-9])?"));
  }

  @Test
  void theHeadIsReachedByOperatorAndPrometheus() {
    List<String> rules = ingress(policies(cluster("networkPolicy: {}")).get("demo-head"));

    assertThat(rules).hasSize(3);
    assertThat(rules.get(0)).isEqualTo("pods {ray.io/cluster=demo} on []");
    assertThat(rules.get(1))
        .isEqualTo(
            "namespaces {kubernetes.io/metadata.name=ray-system} pods {app=operator} on [TCP 8265]");
    assertThat(rules.get(2))
        .contains("app.kubernetes.io/name=prometheus")
        .endsWith("on [TCP 8080]");
  }

  @Test
  void thePortsAreThoseOfTheTemplateAndItsParameters() {
    RayCluster cluster =
        cluster(
            """
            networkPolicy: {}
            headGroupSpec: {rayStartParams: {dashboard-port: "9265", metrics-export-port: "9080"}}
            """);
    cluster
        .getSpec()
        .headGroupSpec()
        .template()
        .getSpec()
        .getContainers()
        .getFirst()
        .setPorts(
            List.of(
                new io.fabric8.kubernetes.api.model.ContainerPortBuilder()
                    .withName("as-metrics")
                    .withContainerPort(44217)
                    .build()));

    assertThat(ingress(policies(cluster).get("demo-head")))
        .anySatisfy(rule -> assertThat(rule).contains("app=operator").endsWith("[TCP 9265]"))
        .anySatisfy(rule -> assertThat(rule).endsWith("[TCP 9080, TCP 44217]"));
  }

  @Test
  void theSubmitterOfARayJobReachesItsDashboard() {
    RayCluster cluster = cluster("networkPolicy: {}");
    cluster
        .getMetadata()
        .setLabels(
            Map.of(
                RayLabels.ORIGINATED_FROM_CRD, "RayJob", RayLabels.ORIGINATED_FROM_NAME, "train"));

    assertThat(ingress(policies(cluster).get("demo-head")))
        .contains("pods {batch.kubernetes.io/job-name=train} on [TCP 8265]");
  }

  @Test
  void onlyAHeadWithAnAutoscalerReachesTheApiServer() {
    Map<String, NetworkPolicy> without = policies(cluster("networkPolicy: {}"));
    Map<String, NetworkPolicy> with =
        policies(cluster("networkPolicy: {}\nenableInTreeAutoscaling: true"));

    assertThat(egress(without.get("demo-head"))).noneMatch(rule -> rule.contains("443"));
    assertThat(egress(with.get("demo-workers-small"))).noneMatch(rule -> rule.contains("443"));
    assertThat(egress(with.get("demo-head")))
        .contains("10.0.0.1/32 on [TCP 443]", "192.168.1.2/32 or fd00::2/128 on [TCP 6443]");
  }

  @Test
  void whereKubernetesTokensAreAskedForEveryNodeAsksTheApiServer() {
    RayCluster cluster =
        cluster("networkPolicy: {}\nauthOptions: {mode: token, enableK8sTokenAuth: true}");

    assertThat(egress(policies(cluster).get("demo-workers-small")))
        .contains("10.0.0.1/32 on [TCP 443]");
  }

  @Test
  void nodesOfAnEncryptedClusterReachTheOperator() {
    Map<String, NetworkPolicy> policies =
        policies(cluster("networkPolicy: {}\ntlsOptions: {enabled: true}"));

    assertThat(policies.values())
        .allSatisfy(policy ->
            assertThat(egress(policy))
                .anySatisfy(
                    rule -> assertThat(rule).contains("app=operator").endsWith("[TCP 8443]")));
    assertThat(egress(policies(cluster("networkPolicy: {}")).get("demo-head")))
        .noneMatch(rule -> rule.contains("operator"));
  }

  @Test
  void aGroupsOwnRulesStandInsteadOfThoseForAllWorkers() {
    Map<String, NetworkPolicy> policies =
        policies(
            Clusters.named("demo")
                .group("small", 1)
                .group("large", 1)
                .with(
                    """
                    networkPolicy:
                      worker:
                        ingressRules: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}], ports: [{port: 80}]}]
                      workerGroups:
                      - groupName: large
                        ingressRules: [{from: [{ipBlock: {cidr: 10.2.0.0/16}}]}]
                    """)
                .build());

    assertThat(ingress(policies.get("demo-workers-small")))
        .contains("10.1.0.0/16 on [TCP 80]")
        .noneMatch(rule -> rule.startsWith("10.2."));
    assertThat(ingress(policies.get("demo-workers-large")))
        .contains("10.2.0.0/16 on []")
        .noneMatch(rule -> rule.startsWith("10.1."));
  }

  /** A list of peers that is empty means everybody. */
  @ParameterizedTest
  @ValueSource(strings = {"DenyAll", "DenyAllIngress", "DenyAllEgress"})
  void noRuleOfOursIsForEverybody(String mode) {
    for (NetworkSettings settings : List.of(NetworkSettings.DEFAULT, SETTINGS)) {
      NetworkPolicies.desired(
              cluster("enableInTreeAutoscaling: true\nnetworkPolicy: {mode: " + mode + "}"),
              List.of("gone"),
              settings)
          .forEach(child -> {
            NetworkPolicy policy = (NetworkPolicy) child.object();
            assertThat(policy.getSpec().getIngress()).noneMatch(rule -> rule.getFrom().isEmpty());
            assertThat(policy.getSpec().getEgress()).noneMatch(rule -> rule.getTo().isEmpty());
          });
    }
  }

  private static RayCluster cluster(String more) {
    return Clusters.named("demo").group("small", 1).with(more).build();
  }

  private static Map<String, NetworkPolicy> policies(RayCluster cluster, String... running) {
    return NetworkPolicies.desired(cluster, List.of(running), SETTINGS).stream()
        .map(child -> (NetworkPolicy) child.object())
        .collect(Collectors.toMap(policy -> policy.getMetadata().getName(), policy -> policy));
  }

  private static Map<String, String> selected(NetworkPolicy policy) {
    return policy.getSpec().getPodSelector().getMatchLabels();
  }

  private static List<String> ingress(NetworkPolicy policy) {
    List<String> rules = new ArrayList<>();
    for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
      rules.add(rule(rule.getFrom(), rule.getPorts()));
    }
    return rules;
  }

  private static List<String> egress(NetworkPolicy policy) {
    List<String> rules = new ArrayList<>();
    for (NetworkPolicyEgressRule rule : policy.getSpec().getEgress()) {
      rules.add(rule(rule.getTo(), rule.getPorts()));
    }
    return rules;
  }

  private static String rule(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
    return peers.stream().map(NetworkPoliciesTest::peer).collect(Collectors.joining(" or "))
        + " on "
        + ports.stream().map(port -> port.getProtocol() + " " + port.getPort().getValue()).toList();
  }

  private static String peer(NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      return peer.getIpBlock().getCidr();
    }
    return Stream.of(
            Optional.ofNullable(peer.getNamespaceSelector())
                .map(selector -> "namespaces " + selector.getMatchLabels()),
            Optional.ofNullable(peer.getPodSelector())
                .map(selector -> "pods " + selector.getMatchLabels()))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }
}
