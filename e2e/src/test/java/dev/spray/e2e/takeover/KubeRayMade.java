package dev.spray.e2e.takeover;

import dev.spray.api.RayLabels;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.operator.KubeRayGolden;
import dev.spray.operator.resources.FaultTolerance;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Clusters as KubeRay leaves them behind: with its names, its owner and its managed fields. */
public final class KubeRayMade {
  /** KubeRay's program is called so in its image. */
  private static final String FIELD_MANAGER = "manager";

  private final Playground playground;

  /** Makes them in the playground, in which no operator may be at work yet. */
  public KubeRayMade(Playground playground) {
    this.playground = playground;
  }

  /**
   * A recorded cluster: its manifest, what KubeRay had made of it, and its status.
   *
   * @return the cluster's name
   */
  public String recorded(String name) throws IOException {
    playground.apply(KubeRayGolden.read(name, "input.yaml"));
    String cluster = clusters().getFirst().getMetadata().getName();
    if (FaultTolerance.usesRedis(playground.cluster(cluster))) {
      // KubeRay makes nothing before it has put this.
      playground.patch(
          cluster,
          PatchType.JSON_MERGE,
          "{\"metadata\": {\"finalizers\": [\"%s\"]}}".formatted(RayLabels.REDIS_FINALIZER));
    }
    // What pods refer to comes first.
    String children =
        KubeRayGolden.children(name).stream()
            .sorted(Comparator.comparing(child -> child.getKind().equals("Pod")))
            .map(child -> owned(child, cluster))
            .collect(Collectors.joining("---\n"));
    create(children.replace(KubeRayGolden.NAMESPACE, playground.namespace()));
    Map<?, ?> recorded =
        Serialization.unmarshal(KubeRayGolden.read(name, "status.yaml"), Map.class);
    status(cluster, Map.of("status", ((List<?>) recorded.get("status")).getFirst()));
    return cluster;
  }

  /**
   * A cluster whose spec wants workers in a group {@code small}.
   *
   * @param there how many of them KubeRay has made
   */
  public void plain(String cluster, int wanted, int there) {
    playground.apply(Manifests.cluster(cluster, wanted));
    String workers =
        IntStream.range(0, there)
            .mapToObj(i -> pod(cluster, "worker", "small", cluster + "-small-worker-4xk" + i))
            .collect(Collectors.joining());
    String pods = pod(cluster, "head", "headgroup", cluster + "-head-q7r5t") + workers;
    // A new namespace has to get its ServiceAccount first.
    Playground.await()
        .until(() ->
            playground.kubectl(pods, "create", "-f", "-", "--dry-run=server").exitCode() == 0);
    create(service(cluster) + pods);
    status(
        cluster,
        Map.of(
            "status",
            Map.of(
                "state",
                "ready",
                "readyWorkerReplicas",
                wanted,
                "endpoints",
                Map.of("client", "10001", "old", "1"),
                "conditions",
                List.of(
                    condition("HeadPodReady", "HeadPodRunningAndReady"),
                    condition("RayClusterProvisioned", "AllPodRunningAndReadyFirstTime"),
                    condition("ReplicaFailure", "FailedCreateWorkerPod")))));
  }

  /** Writes a status as KubeRay does. */
  void status(String cluster, Map<String, ?> patch) {
    kubectl(
        "",
        "patch",
        "raycluster",
        cluster,
        "--subresource=status",
        "--type=merge",
        "--field-manager=" + FIELD_MANAGER,
        "-p",
        Serialization.asJson(patch));
  }

  static Map<String, String> condition(String type, String reason) {
    return Map.of(
        "type", type,
        "status", "True",
        "reason", reason,
        "message", "",
        "lastTransitionTime", "2026-01-01T00:00:00Z");
  }

  private void create(String documents) {
    kubectl(documents, "create", "-f", "-", "--field-manager=" + FIELD_MANAGER);
  }

  private void kubectl(String input, String... arguments) {
    Kubectl.Result result = playground.kubectl(input, arguments);
    if (result.exitCode() != 0) {
      throw new AssertionError(result.output());
    }
  }

  private List<? extends HasMetadata> clusters() {
    return playground
        .admin()
        .genericKubernetesResources("ray.io/v1", "RayCluster")
        .inNamespace(playground.namespace())
        .list()
        .getItems();
  }

  /** The recordings have no UIDs, and the addresses are those of another API server. */
  private String owned(HasMetadata child, String cluster) {
    String uid = uid(cluster);
    child.getMetadata().getOwnerReferences().forEach(owner -> owner.setUid(uid));
    GenericKubernetesResource copy =
        Serialization.unmarshal(Serialization.asJson(child), GenericKubernetesResource.class);
    if (copy.get("spec") instanceof Map<?, ?> spec && !"None".equals(spec.get("clusterIP"))) {
      spec.remove("clusterIP");
      spec.remove("clusterIPs");
    }
    if (copy.getKind().equals("Secret")) {
      // They have no secrets either.
      copy.setAdditionalProperty("data", Map.of("auth_token", "a2VwdA=="));
    }
    return Serialization.asYaml(copy).replaceFirst("^---\n", "");
  }

  private String uid(String cluster) {
    return playground.cluster(cluster).getMetadata().getUid();
  }

  private String service(String cluster) {
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: %1$s-head-svc
      labels: &labels
        app.kubernetes.io/created-by: kuberay-operator
        app.kubernetes.io/name: kuberay
        ray.io/cluster: %1$s
        ray.io/identifier: %1$s-head
        ray.io/node-type: head
      ownerReferences:
      - {apiVersion: ray.io/v1, kind: RayCluster, name: %1$s, uid: %2$s, controller: true}
    spec:
      clusterIP: None
      publishNotReadyAddresses: true
      selector: *labels
      ports:
      - {name: gcs, port: 6379, appProtocol: tcp}
      - {name: dashboard, port: 8265, appProtocol: tcp}
      - {name: client, port: 10001, appProtocol: tcp}
    """
        .formatted(cluster, uid(cluster));
  }

  private String pod(String cluster, String type, String group, String name) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      generateName: %6$s
      name: %5$s
      labels:
        app.kubernetes.io/created-by: kuberay-operator
        app.kubernetes.io/name: kuberay
        ray.io/cluster: %1$s
        ray.io/group: %4$s
        ray.io/identifier: %1$s-%3$s
        ray.io/is-ray-node: "yes"
        ray.io/node-type: %3$s
      annotations:
        ray.io/ft-enabled: "false"
        ray.io/kuberay-version: v1.7.0
        ray.io/upgrade-strategy-recreate-hash: GRR87A8OPSH02C8J0UGQCM4B34R4JDS0
      ownerReferences:
      - {apiVersion: ray.io/v1, kind: RayCluster, name: %1$s, uid: %2$s, controller: true}
    spec:
      containers:
      - name: ray
        image: rayproject/ray:2.60.0
    """
        .formatted(
            cluster, uid(cluster), type, group, name, name.substring(0, name.lastIndexOf('-') + 1));
  }
}
