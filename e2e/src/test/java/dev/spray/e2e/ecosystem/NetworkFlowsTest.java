package dev.spray.e2e.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.e2e.ecosystem.NetworkFlows.Flow;
import dev.spray.e2e.ecosystem.NetworkFlows.Peer;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.resources.NetworkSettings;
import dev.spray.operator.runtime.Options;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The policies that the API server holds, tried with connections between the pods that it holds and
 * others: no policy shuts out what a cluster needs, or lets in anybody else.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class NetworkFlowsTest {
  private static final String OPERATORS = "ray-system";
  private static final Map<String, String> OPERATOR =
      Map.of("app.kubernetes.io/name", "sp-ray-operator", "app.kubernetes.io/instance", "ray");

  private static final String API_SERVER = "192.0.2.10";
  private static final int API_PORT = 6443;

  /** Who, to whom, on which port, and whether it must get through in the three modes. */
  private static final String FLOWS =
      """
      from        to          port       DenyAll DenyAllIngress DenyAllEgress
      head        small       tcp/10002  yes     yes            yes
      small       head        tcp/6379   yes     yes            yes
      small       large       tcp/10005  yes     yes            yes
      large       small       tcp/8076   yes     yes            yes
      operator    head        tcp/8265   yes     yes            yes
      operator    head        tcp/6379   no      no             yes
      operator    small       tcp/8265   no      no             yes
      impostor    head        tcp/8265   no      no             yes
      lookalike   head        tcp/8265   no      no             yes
      submitter   head        tcp/8265   yes     yes            yes
      submitter   head        tcp/10001  no      no             yes
      submitter   small       tcp/8265   no      no             yes
      othersubm   head        tcp/8265   no      no             yes
      prometheus  head        tcp/8080   yes     yes            yes
      prometheus  small       tcp/8080   yes     yes            yes
      prometheus  large       tcp/9090   yes     yes            yes
      prometheus  large       tcp/8080   no      no             yes
      prometheus  head        tcp/8265   no      no             yes
      neighbour   head        tcp/8265   no      no             yes
      neighbour   head        tcp/6379   no      no             yes
      neighbour   small       tcp/10002  no      no             yes
      neighbour   head        tcp/8080   no      no             yes
      stranger    head        tcp/8265   no      no             yes
      stranger    large       tcp/10002  no      no             yes
      internet    head        tcp/8265   no      no             yes
      othercluster head       tcp/6379   no      no             yes
      twin        head        tcp/6379   no      no             yes
      head        othercluster tcp/6379  no      yes            no
      small       neighbour   tcp/80     no      yes            no
      small       stranger    tcp/80     no      yes            no
      small       internet    tcp/443    no      yes            no
      head        internet    tcp/443    no      yes            no
      head        internet    tcp/6443   no      yes            no
      head        dns         udp/53     yes     yes            yes
      small       dns         udp/53     yes     yes            yes
      large       dns         tcp/53     yes     yes            yes
      small       nodedns     udp/53     yes     yes            yes
      small       dns         tcp/8080   no      yes            no
      small       internet    udp/53     no      yes            no
      small       metadata    tcp/80     no      yes            no
      head        apiserver   api        auto    yes            auto
      small       apiserver   api        no      yes            no
      head        apiserver   tcp/22     no      yes            no
      """;

  private Playground playground;

  /** Two groups; the metrics of one are on a port of their own. */
  private static String cluster(String policy) {
    return Manifests.cluster("c", 1)
            .replace(
                "  name: c\n",
                """
                  name: c
                  labels:
                    ray.io/originated-from-crd: RayJob
                    ray.io/originated-from-cr-name: train
                """)
        + Manifests.group("large", 1)
            .replace("rayStartParams: {}", "rayStartParams: {metrics-export-port: \"9090\"}")
        + "  networkPolicy:\n"
        + policy.indent(4);
  }

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    tellWhereTheApiServerIs();
    playground.startOperator(
        playground.operatorConfig(),
        (config, options) -> new RayOperator(config, withOperatorPods(options)));
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  private static Options withOperatorPods(Options options) {
    NetworkSettings settings =
        new NetworkSettings(
            Optional.of(NetworkSettings.pods(OPERATORS, OPERATOR)), List.of(), List.of());
    return new Options(
        options.watchNamespaces(),
        options.leaderElection(),
        options.leaseNamespace(),
        options.leaseName(),
        options.identity(),
        options.metricsPort(),
        options.healthPort(),
        options.signingPort(),
        options.signingUrl(),
        options.shutdownGrace(),
        options.pods(),
        options.children().with(settings),
        options.platformConfiguration(),
        options.decoratesPlain(),
        options.randomPodDelete(),
        options.scheduler());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DenyAll", "DenyAllIngress", "DenyAllEgress"})
  void whatAClusterNeedsGetsThroughAndNothingElse(String mode) {
    playground.apply(cluster("mode: " + mode));
    awaitPods(3);

    assertThat(judged(mode, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DenyAll", "DenyAllEgress"})
  void anAutoscalerReachesTheApiServer(String mode) {
    playground.apply(cluster("mode: " + mode) + "  enableInTreeAutoscaling: true\n");
    awaitPods(3);

    Playground.await().untilAsserted(() -> assertThat(judged(mode, true)).isEmpty());
  }

  @Test
  void rulesOfTheUserLetThroughWhatTheySay() {
    playground.apply(
        cluster(
            """
            mode: DenyAll
            head:
              ingressRules:
              - from: [{podSelector: {matchLabels: {app: notebook}}}]
                ports: [{port: 10001}]
            worker:
              egressRules:
              - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
                ports: [{port: 443}]
            workerGroups:
            - groupName: large
              ingressRules:
              - from: [{namespaceSelector: {}}]
                ports: [{port: 9000, endPort: 9010}]
            """));
    awaitPods(3);

    assertThat(
            lettingThrough(
                """
                from        to        port       DenyAll
                neighbour   head      tcp/10001  yes
                neighbour   head      tcp/6379   no
                stranger    head      tcp/10001  no
                small       internet  tcp/443    yes
                small       internet  tcp/80     no
                large       internet  tcp/443    no
                head        internet  tcp/443    no
                stranger    large     tcp/9005   yes
                stranger    large     tcp/9011   no
                stranger    small     tcp/9005   no
                """,
                0,
                false))
        .isEmpty();
  }

  /** A finalizer plays the kubelet that has yet to end them. */
  @Test
  void podsOfARemovedGroupStayProtectedUntilTheyAreGone() {
    String manifest = cluster("mode: DenyAll");
    String kept =
        manifest.replace(
            """
                rayStartParams: {metrics-export-port: "9090"}
                template:
            """,
            """
                rayStartParams: {metrics-export-port: "9090"}
                template:
                  metadata: {finalizers: [example.com/kept]}
            """);
    assertThat(kept).isNotEqualTo(manifest);
    playground.apply(kept);
    awaitPods(3);

    playground.kubectl(
        "",
        "patch",
        "raycluster",
        "c",
        "--type=json",
        "-p",
        "[{\"op\": \"remove\", \"path\": \"/spec/workerGroupSpecs/1\"}]");
    Playground.await()
        .until(() ->
            playground.pods().stream()
                .anyMatch(pod -> pod.getMetadata().getDeletionTimestamp() != null));
    // The group's own port of metrics is forgotten with it.
    String flows =
        FLOWS
            .lines()
            .filter(line -> !line.contains("tcp/9090"))
            .filter(line -> !line.matches("prometheus +large .*"))
            .collect(Collectors.joining("\n"));
    assertThat(lettingThrough(flows, 0, false)).isEmpty();

    playground.pods().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
        .forEach(pod ->
            playground
                .admin()
                .resource(pod)
                .edit(p -> {
                  p.getMetadata().setFinalizers(List.of());
                  return p;
                }));
    Playground.await()
        .until(() ->
            policies().stream()
                .map(policy -> policy.getMetadata().getName())
                .toList()
                .equals(List.of("c-head", "c-workers-small")));
  }

  @Test
  void whatSomebodyOpensIsClosedAgain() {
    playground.apply(cluster("mode: DenyAll"));
    awaitPods(3);

    playground.kubectl(
        "",
        "patch",
        "networkpolicy",
        "c-head",
        "--type=json",
        "-p",
        "[{\"op\": \"add\", \"path\": \"/spec/ingress/0/from/0/namespaceSelector\", \"value\": {}}]");

    Playground.await().untilAsserted(() -> assertThat(judged("DenyAll", false)).isEmpty());
  }

  private void awaitPods(int number) {
    Playground.await().until(() -> playground.pods().size() == number);
  }

  private List<String> judged(String mode, boolean autoscaled) {
    int column = List.of("DenyAll", "DenyAllIngress", "DenyAllEgress").indexOf(mode);
    return lettingThrough(FLOWS, column, autoscaled);
  }

  /** Flows of a table for which the policies don't do what it says. */
  private List<String> lettingThrough(String table, int mode, boolean autoscaled) {
    Map<String, Peer> peers = peers();
    List<String[]> rows = table.lines().skip(1).map(line -> line.trim().split(" +", -1)).toList();
    List<Flow> flows = rows.stream().map(row -> flow(row, peers)).toList();
    List<Boolean> answers = NetworkFlows.letThrough(policies(), flows);
    // Otherwise what is denied would prove nothing.
    assertThat(NetworkFlows.letThrough(List.of(), flows)).containsOnly(true);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      String wanted = rows.get(i)[3 + mode];
      boolean through = wanted.equals("yes") || (wanted.equals("auto") && autoscaled);
      if (answers.get(i) != through) {
        wrong.add(String.join(" ", rows.get(i)) + " but is " + answers.get(i));
      }
    }
    return wrong;
  }

  private Flow flow(String[] row, Map<String, Peer> peers) {
    String[] port = row[2].equals("api") ? new String[] {"tcp", API_PORT + ""} : row[2].split("/");
    return new Flow(
        Optional.ofNullable(peers.get(row[0])).orElseThrow(() -> new AssertionError(row[0])),
        Optional.ofNullable(peers.get(row[1])).orElseThrow(() -> new AssertionError(row[1])),
        Integer.parseInt(port[1]),
        port[0].equals("udp") ? "UDP" : "TCP");
  }

  private Map<String, Peer> peers() {
    String here = playground.namespace();
    Map<String, Peer> peers = new LinkedHashMap<>();
    for (Pod pod : playground.pods()) {
      String group = pod.getMetadata().getLabels().get(RayLabels.GROUP);
      peers.put(
          group.equals(RayLabels.HEAD_GROUP) ? "head" : group,
          Peer.pod(here, pod.getMetadata().getLabels()));
    }
    peers.put("operator", Peer.pod(OPERATORS, OPERATOR));
    peers.put("impostor", Peer.pod("elsewhere", OPERATOR));
    peers.put("lookalike", Peer.pod(OPERATORS, Map.of("app", "other")));
    peers.put("submitter", Peer.pod(here, Map.of("batch.kubernetes.io/job-name", "train")));
    peers.put("othersubm", Peer.pod(here, Map.of("batch.kubernetes.io/job-name", "other")));
    peers.put("prometheus", Peer.pod("monitoring", Map.of("app.kubernetes.io/name", "prometheus")));
    peers.put("neighbour", Peer.pod(here, Map.of("app", "notebook")));
    peers.put("stranger", Peer.pod("elsewhere", Map.of("app", "notebook")));
    peers.put("othercluster", Peer.pod(here, Map.of(RayLabels.CLUSTER, "d")));
    // A cluster of the same name in another namespace.
    peers.put("twin", Peer.pod("elsewhere", Map.of(RayLabels.CLUSTER, "c")));
    peers.put("dns", Peer.pod("kube-system", Map.of("k8s-app", "kube-dns")));
    peers.put("nodedns", Peer.address("169.254.20.10"));
    peers.put("metadata", Peer.address("169.254.169.254"));
    peers.put("internet", Peer.address("203.0.113.9"));
    peers.put("apiserver", Peer.address(API_SERVER));
    return peers;
  }

  /** That of the testbed is on the loopback, which it doesn't tell. */
  private void tellWhereTheApiServerIs() {
    String slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: kubernetes
          namespace: default
          labels: {kubernetes.io/service-name: kubernetes}
        addressType: IPv4
        endpoints: [{addresses: [%s], conditions: {ready: true}}]
        ports: [{name: https, port: %d, protocol: TCP}]
        """
            .formatted(API_SERVER, API_PORT);
    var _ = playground.admin().resource(slice).forceConflicts().serverSideApply();
  }

  private List<NetworkPolicy> policies() {
    return playground
        .admin()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(playground.namespace())
        .list()
        .getItems();
  }
}
