package dev.spray.operator.resources;

import dev.spray.api.HeadPorts;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.NetworkPolicyRules;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the pods of one cluster may send and receive although everything else is denied: the
 * cluster's own traffic, the user's rules, and what no cluster can do without.
 */
final class NetworkRules {
  private static final int DNS = 53;

  /** On which OpenShift's DNS pods listen. */
  private static final int OTHER_DNS = 5353;

  /** Where DNS is answered on the node itself: by its cache, and by Google's metadata server. */
  private static final List<String> DNS_ON_NODE = List.of("169.254.20.10/32", "169.254.169.254/32");

  /** By it a Job's controller marks its pods. */
  private static final String JOB_NAME = "batch.kubernetes.io/job-name";

  private final RayCluster cluster;
  private final RayClusterSpec spec;
  private final NetworkSettings settings;

  NetworkRules(RayCluster cluster, NetworkSettings settings) {
    this.cluster = cluster;
    this.spec = cluster.getSpec();
    this.settings = settings;
  }

  List<NetworkPolicyIngressRule> intoHead(NetworkPolicyRules own) {
    List<NetworkPolicyIngressRule> rules = into(own);
    List<NetworkPolicyPort> dashboard = List.of(tcp(RayPorts.ofDashboard(cluster)));
    settings.operator().ifPresent(operator -> rules.add(from(List.of(operator), dashboard)));
    submitters().ifPresent(submitters -> rules.add(from(List.of(submitters), dashboard)));
    var head = spec.headGroupSpec();
    rules.add(
        from(
            settings.scrapers(),
            ports(RayPorts.ofMetrics(head.template(), head.rayStartParams()))));
    return rules;
  }

  /**
   * @param group empty when the spec has it no more
   */
  List<NetworkPolicyIngressRule> intoWorkers(
      Optional<WorkerGroupSpec> group, NetworkPolicyRules own) {
    List<NetworkPolicyIngressRule> rules = into(own);
    SortedSet<Integer> metrics =
        group
            .map(spec -> RayPorts.ofMetrics(spec.template(), spec.rayStartParams()))
            .orElseGet(() -> new TreeSet<>(List.of(HeadPorts.METRICS)));
    rules.add(from(settings.scrapers(), ports(metrics)));
    return rules;
  }

  List<NetworkPolicyEgressRule> outOfHead(NetworkPolicyRules own) {
    return outOf(own, spec.autoscaled());
  }

  List<NetworkPolicyEgressRule> outOfWorkers(NetworkPolicyRules own) {
    return outOf(own, false);
  }

  private List<NetworkPolicyIngressRule> into(NetworkPolicyRules own) {
    List<NetworkPolicyIngressRule> rules = new ArrayList<>();
    rules.add(from(List.of(cluster()), List.of()));
    own.ingressRules().stream()
        .map(rule -> rule.edit().withPorts(complete(rule.getPorts())).build())
        .forEach(rules::add);
    return rules;
  }

  private List<NetworkPolicyEgressRule> outOf(NetworkPolicyRules own, boolean toApiServer) {
    List<NetworkPolicyEgressRule> rules = new ArrayList<>();
    rules.add(to(List.of(cluster()), List.of()));
    own.egressRules().stream()
        .map(rule -> rule.edit().withPorts(complete(rule.getPorts())).build())
        .forEach(rules::add);
    rules.add(
        to(dns(), List.of(port("UDP", DNS), tcp(DNS), port("UDP", OTHER_DNS), tcp(OTHER_DNS))));
    if (toApiServer || asksApiServerForTokens()) {
      apiServer().forEach((port, peers) -> rules.add(to(peers, List.of(tcp(port)))));
    }
    if (spec.encrypted()) {
      settings
          .operator()
          .ifPresent(operator -> rules.add(to(List.of(operator), List.of(tcp(Signing.PORT)))));
    }
    return rules;
  }

  /** Every node then has the API server say who a caller is. */
  private boolean asksApiServerForTokens() {
    var auth = spec.authOptions();
    return spec.authenticated() && Boolean.TRUE.equals(auth.enableK8sTokenAuth());
  }

  /** All pods of the cluster, whatever group they are of. */
  private NetworkPolicyPeer cluster() {
    return pods(Map.of(RayLabels.CLUSTER, cluster.getMetadata().getName()));
  }

  /** The pods of the Job by which a RayJob submits its work; it has the RayJob's name. */
  private Optional<NetworkPolicyPeer> submitters() {
    Map<String, String> labels = cluster.getMetadata().getLabels();
    return Optional.ofNullable(labels)
        .filter(all -> "RayJob".equals(all.get(RayLabels.ORIGINATED_FROM_CRD)))
        .map(all -> all.get(RayLabels.ORIGINATED_FROM_NAME))
        .map(job -> pods(Map.of(JOB_NAME, job)));
  }

  private static List<NetworkPolicyPeer> dns() {
    NetworkPolicyPeer pods =
        NetworkSettings.pods("kube-system", Map.of())
            .edit()
            .withNewPodSelector()
            .addNewMatchExpression()
            .withKey("k8s-app")
            .withOperator("In")
            .withValues("kube-dns", "coredns", "node-local-dns")
            .endMatchExpression()
            .endPodSelector()
            .build();
    return Stream.concat(
            Stream.of(pods, NetworkSettings.pods("openshift-dns", Map.of())),
            DNS_ON_NODE.stream().map(NetworkRules::block))
        .toList();
  }

  /** By port. */
  private Map<Integer, List<NetworkPolicyPeer>> apiServer() {
    Map<Integer, List<NetworkPolicyPeer>> peers = new TreeMap<>();
    settings
        .apiServer()
        .forEach(endpoint ->
            peers
                .computeIfAbsent(endpoint.port(), port -> new ArrayList<>())
                .add(block(endpoint.cidr())));
    return peers;
  }

  private static NetworkPolicyPeer pods(Map<String, String> labels) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(labels)
        .endPodSelector()
        .build();
  }

  private static NetworkPolicyPeer block(String cidr) {
    return new NetworkPolicyPeerBuilder().withNewIpBlock().withCidr(cidr).endIpBlock().build();
  }

  private static NetworkPolicyIngressRule from(
      List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
    return new NetworkPolicyIngressRuleBuilder().withFrom(peers).withPorts(ports).build();
  }

  private static NetworkPolicyEgressRule to(
      List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
    return new NetworkPolicyEgressRuleBuilder().withTo(peers).withPorts(ports).build();
  }

  private static List<NetworkPolicyPort> ports(SortedSet<Integer> numbers) {
    return numbers.stream().map(NetworkRules::tcp).toList();
  }

  private static NetworkPolicyPort tcp(int number) {
    return port("TCP", number);
  }

  private static NetworkPolicyPort port(String protocol, int number) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(number))
        .build();
  }

  /** As the API server would fill them in: otherwise they would look edited for ever. */
  private static List<NetworkPolicyPort> complete(List<NetworkPolicyPort> ports) {
    return ports.stream()
        .map(port -> port.getProtocol() == null ? port.edit().withProtocol("TCP").build() : port)
        .toList();
  }
}
