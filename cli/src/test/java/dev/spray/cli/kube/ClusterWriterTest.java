package dev.spray.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import dev.spray.cli.SpRay;
import dev.spray.cli.failure.Failure;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests out of flags, by {@code --dry-run=client}, which asks nobody. */
class ClusterWriterTest {
  @TempDir private Path home;

  @Test
  void theOriginsFirstCommand() throws Exception {
    assertThat(
            created(
                "my-cluster",
                "-n",
                "ray-playground",
                "--with-tutorials",
                "--vscode-server",
                "--gpus-per-worker",
                "1"))
        .isEqualTo(
            Json.parse(
                """
                {"apiVersion": "ray.io/v1", "kind": "RayCluster",
                 "metadata": {"name": "my-cluster", "namespace": "ray-playground"},
                 "spec": {"platform": {
                   "groups": [{"groupName": "worker", "replicas": 1, "accelerator": {"count": 1, "type": "t4"}}],
                   "workspace": {"notebook": true, "vscode": true, "tutorials": true}}}}
                """));
  }

  @Test
  void theOriginsSizes() throws Exception {
    ObjectNode cluster =
        created(
            "c",
            "--cpus-in-head",
            "4",
            "--memory-in-head",
            "10Gi",
            "--gpus-per-worker",
            "1",
            "--worker-gpu-type",
            "a100");
    assertThat(Json.at(cluster, "spec", "platform", "head"))
        .isEqualTo(Json.parse("{\"cpu\": \"4\", \"memory\": \"10Gi\"}"));
    assertThat(Json.at(cluster, "spec", "platform", "groups", 0, "accelerator"))
        .isEqualTo(Json.parse("{\"count\": 1, \"type\": \"a100\"}"));
  }

  @Test
  void withoutAnythingThereIsOneWorkerInThePlayground() throws Exception {
    ObjectNode cluster = created("c");
    assertThat(Json.text(cluster, "metadata", "namespace")).isEqualTo("ray-playground");
    assertThat(Json.at(cluster, "spec", "platform"))
        .isEqualTo(Json.parse("{\"groups\": [{\"groupName\": \"worker\", \"replicas\": 1}]}"));
  }

  @Test
  void everyFlagHasItsField() throws Exception {
    ObjectNode cluster =
        created(
            "c",
            "--worker-group",
            "gpu",
            "--workers",
            "2",
            "--min-workers",
            "1",
            "--max-workers",
            "4",
            "--cpus-per-worker",
            "8",
            "--memory-per-worker",
            "16Gi",
            "--spot",
            "--gpus-in-head",
            "1",
            "--image",
            "ray-gnn",
            "--service-account",
            "ray",
            "--idle-timeout",
            "8h",
            "--ttl",
            "14d",
            "--on-expiry",
            "Delete",
            "--node-isolation",
            "None",
            "--image-streaming",
            "Required",
            "--compute-class",
            "ml",
            "--ssh",
            "--workspace-size",
            "50Gi",
            "--no-notebook",
            "--label",
            "team=search",
            "--annotation",
            "a/b=c",
            "--suspend");
    assertThat(cluster)
        .isEqualTo(
            Json.parse(
                """
                {"apiVersion": "ray.io/v1", "kind": "RayCluster",
                 "metadata": {"name": "c", "namespace": "ray-playground",
                   "labels": {"team": "search"}, "annotations": {"a/b": "c"}},
                 "spec": {"suspend": true, "platform": {
                   "groups": [{"groupName": "gpu", "replicas": 2, "minReplicas": 1, "maxReplicas": 4,
                     "capacity": "Spot", "cpu": "8", "memory": "16Gi"}],
                   "image": "ray-gnn", "serviceAccountName": "ray",
                   "head": {"accelerator": {"count": 1, "type": "t4"}},
                   "workspace": {"notebook": false, "ssh": true, "home": {"size": "50Gi"}},
                   "lifecycle": {"idleTimeout": "8h", "ttl": "14d", "onExpiry": "Delete"},
                   "placement": {"nodeIsolation": "None", "imageStreaming": "Required", "computeClass": "ml"}}}}
                """));
  }

  @Test
  void aReservationIsAKindOfCapacity() throws Exception {
    assertThat(Json.at(created("c", "--reservation", "ours"), "spec", "platform", "groups", 0))
        .isEqualTo(
            Json.parse(
                "{\"groupName\": \"worker\", \"replicas\": 1, \"capacity\": \"Reservation\", \"reservation\": \"ours\"}"));
  }

  @Test
  void flagsAreLaidOverAPlainManifest() throws Exception {
    Path file = home.resolve("c.yaml");
    Files.writeString(
        file,
        """
        apiVersion: ray.io/v1
        kind: RayCluster
        metadata: {name: of-the-file, namespace: theirs}
        spec:
          headGroupSpec: {template: {spec: {containers: [{name: h, image: a, resources: {limits: {cpu: "1"}}}]}}}
          workerGroupSpecs:
          - {groupName: group1, replicas: 1, template: {spec: {containers: [{name: w, image: a}]}}}
          - {groupName: group2, replicas: 1, template: {spec: {containers: [{name: w, image: a}]}}}
        """);
    ObjectNode cluster =
        created(
            "--file",
            file.toString(),
            "--cpus-in-head",
            "4",
            "--image",
            "b",
            "--worker-group",
            "group2",
            "--workers",
            "3",
            "--gpus-per-worker",
            "2",
            "--vscode-server",
            "--no-wait");
    assertThat(Json.text(cluster, "metadata", "name")).isEqualTo("of-the-file");
    assertThat(Json.text(cluster, "metadata", "namespace")).isEqualTo("theirs");
    assertThat(cluster.findValuesAsText("image")).containsExactly("b", "b", "b");
    assertThat(
            Json.at(
                cluster, "spec", "headGroupSpec", "template", "spec", "containers", 0, "resources"))
        .isEqualTo(Json.parse("{\"limits\": {\"cpu\": \"4\"}, \"requests\": {\"cpu\": \"4\"}}"));
    assertThat(Json.at(cluster, "spec", "workerGroupSpecs", 0, "replicas").asInt()).isEqualTo(1);
    assertThat(Json.at(cluster, "spec", "workerGroupSpecs", 1, "replicas").asInt()).isEqualTo(3);
    assertThat(Json.at(cluster, "spec", "platform"))
        .isEqualTo(Json.parse("{\"workspace\": {\"vscode\": true}}"));

    assertThat(
            Json.text(
                created("mine", "-n", "ours", "-f", file.toString()), "metadata", "namespace"))
        .isEqualTo("ours");
    assertThatThrownBy(() -> created("-f", file.toString(), "--worker-gpu-type", "t4"))
        .hasMessageContaining("--worker-gpu-type");
    assertThatThrownBy(() -> created("-f", file.toString(), "--workers", "4"))
        .hasMessageContaining("several worker groups");
  }

  /** The operator counts a number of the platform's only where it isn't what it was. */
  @Test
  void numbersOfACompletedGroupHoldAlthoughItWasScaled() throws Exception {
    ObjectNode cluster =
        created(
            "-f",
            completed(
                "groups: [{groupName: worker, replicas: 1}]",
                "{groupName: other, replicas: 4}, {groupName: worker, replicas: 4, minReplicas: 0, maxReplicas: 8}"),
            "--workers",
            "1",
            "--min-workers",
            "1",
            "--max-workers",
            "6");
    assertThat(Json.at(cluster, "spec", "platform", "groups", 0))
        .isEqualTo(
            Json.parse(
                "{\"groupName\": \"worker\", \"replicas\": 1, \"minReplicas\": 1, \"maxReplicas\": 6}"));
    assertThat(Json.at(cluster, "spec", "workerGroupSpecs"))
        .isEqualTo(
            Json.parse(
                """
                [{"groupName": "other", "replicas": 4},
                 {"groupName": "worker", "replicas": 1, "minReplicas": 1, "maxReplicas": 6}]
                """));
  }

  @Test
  void aMinimumThatWasScaledGivesWayToAMaximum() throws Exception {
    ObjectNode cluster =
        created(
            "-f",
            completed(
                "groups: [{groupName: worker, replicas: 1}]",
                "{groupName: worker, replicas: 3, minReplicas: 3, maxReplicas: 8}"),
            "--max-workers",
            "2");
    assertThat(Json.at(cluster, "spec", "workerGroupSpecs", 0))
        .isEqualTo(
            Json.parse(
                "{\"groupName\": \"worker\", \"replicas\": 3, \"minReplicas\": 2, \"maxReplicas\": 2}"));
  }

  @Test
  void aCompletedClusterIsThePlatformsWithoutAHeadOrGroupsOfItsOwn() throws Exception {
    ObjectNode cluster =
        created("-f", completed("image: ray-ml", ""), "--image", "ray-gnn", "--workers", "2");
    assertThat(Json.at(cluster, "spec", "platform"))
        .isEqualTo(
            Json.parse(
                "{\"image\": \"ray-gnn\", \"groups\": [{\"groupName\": \"worker\", \"replicas\": 2}]}"));
    assertThat(Json.at(cluster, "spec", "headGroupSpec").findValuesAsText("image"))
        .containsExactly("registry/ray-ml:1");
  }

  /** A file with a cluster that the operator has completed. */
  private String completed(String platform, String groups) throws Exception {
    return Files.writeString(
            home.resolve("completed.yaml"),
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: c, annotations: {sp-ray.dev/resolved: "{}"}}
            spec:
              platform: {%s}
              headGroupSpec: {template: {spec: {containers: [{name: h, image: "registry/ray-ml:1"}]}}}
              workerGroupSpecs: [%s]
            """
                .formatted(platform, groups))
        .toString();
  }

  private ObjectNode created(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("create", "cluster"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--dry-run=client", "-o", "json", "--kubeconfig", kubeconfig().toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        SpRay.execute(
            Golden.terminal(Where.PIPE, out, err),
            Map.of("XDG_CONFIG_HOME", home.toString()),
            line.toArray(String[]::new));
    if (code != 0) {
      throw new Failure(dev.spray.cli.failure.ErrorCode.INVALID_CONFIG, err.toString());
    }
    return (ObjectNode) Json.parse(out.toString());
  }

  private Path kubeconfig() throws Exception {
    return Files.writeString(home.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
  }
}
