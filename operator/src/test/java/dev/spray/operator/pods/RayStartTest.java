package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code ray start} command, as it stands in the pod. */
class RayStartTest {

  @Test
  void aHeadWithoutResourcesOrParametersStartsWithTheDefaults() {
    assertThat(head("", "", Map.of()))
        .isEqualTo(
            "ray start --head  --block  --dashboard-agent-listen-port=52365 "
                + " --dashboard-host=0.0.0.0  --metrics-export-port=8080 ");
  }

  @Test
  void aWorkerConnectsToTheHeadService() {
    assertThat(worker("", "", Map.of()))
        .isEqualTo(
            "ray start  --address=demo-head-svc.playground.svc.cluster.local:6379  --block "
                + " --dashboard-agent-listen-port=52365  --metrics-export-port=8080 ");
  }

  @Test
  void aWorkerFollowsTheHeadsPort() {
    RayCluster cluster =
        Clusters.named("demo").headParams(Map.of("port", "7000")).group("small", 1).build();
    WorkerGroupSpec group = cluster.getSpec().workerGroupSpecs().getFirst();

    Container ray = ray(RayPod.worker(cluster, group, Pods.worker("w", 0), Pods.SETTINGS));

    assertThat(env(ray, "KUBERAY_GEN_RAY_START_CMD"))
        .contains(" --address=demo-head-svc.playground.svc.cluster.local:7000 ");
    assertThat(env(ray, "RAY_ADDRESS"))
        .isEqualTo("demo-head-svc.playground.svc.cluster.local:7000");
    assertThat(env(ray, "RAY_PORT")).isEqualTo("7000");
    assertThat(env(ray(RayPod.head(cluster, Pods.SETTINGS)), "RAY_ADDRESS"))
        .isEqualTo("127.0.0.1:7000");
  }

  @ParameterizedTest(name = "limits {0}, requests {1}: {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "cpu=2                             | ''                | --num-cpus=2",
        "cpu=1500m                         | ''                | --num-cpus=2",
        "cpu=100m                          | ''                | --num-cpus=1",
        "cpu=2                             | cpu=1             | --num-cpus=2",
        "''                                | cpu=3             | --num-cpus=3",
        "''                                | cpu=2500m         | --num-cpus=3",
        "memory=1Gi                        | ''                | --memory=1073741824",
        "memory=1G                         | ''                | --memory=1000000000",
        "memory=1.5Gi                      | ''                | --memory=1610612736",
        "memory=2Gi                        | memory=1Gi        | --memory=2147483648",
        "nvidia.com/gpu=4                  | ''                | --num-gpus=4",
        "amd.com/gpu=2                     | ''                | --num-gpus=2",
        "gpu.intel.com/i915=1,intel.gpu=3  | ''                | --num-gpus=3",
        "nvidia.com/mig-1g.5gb=7           | ''                | --num-gpus=7",
        "nvidia.com/mig-3g.20gb=2          | ''                | --num-gpus=2",
        "nvidia.com/gpu=1,amd.com/gpu=2    | ''                | --num-gpus=2",
        "nvidia.com/gpu=3,amd.com/gpu=0    | ''                | --num-gpus=3",
        "google.com/tpu=4                  | ''                | --resources='{\"TPU\":4}'",
        "aws.amazon.com/neuroncore=8       | ''        | --resources='{\"neuron_cores\":8}'",
      })
  void resourcesBecomeFlags(String limits, String requests, String flag) {
    assertThat(head(limits, requests, Map.of())).contains(" " + flag + " ");
    assertThat(worker(limits, requests, Map.of())).contains(" " + flag + " ");
  }

  @ParameterizedTest(name = "limits {0}, requests {1}: no {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "''                       | ''               | --num-cpus",
        "cpu=0                    | ''               | --num-cpus",
        "''                       | memory=1Gi       | --memory",
        "''                       | nvidia.com/gpu=1 | --num-gpus",
        "nvidia.com/gpu=0         | ''               | --num-gpus",
        "nvidia.com/mig-1g.x=1    | ''               | --num-gpus",
        "example.com/fpga=1       | ''               | --num-gpus",
        "google.com/tpu=0         | ''               | --resources",
        "example.com/fpga=1       | ''               | --resources",
      })
  void whatRayDoesNotCountMakesNoFlag(String limits, String requests, String flag) {
    assertThat(head(limits, requests, Map.of())).doesNotContain(flag);
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "include-dashboard     | true     | ' --include-dashboard=true '",
        "include-dashboard     | false    | ' --include-dashboard=false '",
        "include-log-monitor   | false    | ' --include-log-monitor=false '",
        "log-color             | true     | ' --log-color=true '",
        "log-color             | false    | ' --log-color=false '",
        "log-color             | auto     | ' --log-color=auto '",
        "disable-usage-stats   | true     | ' --disable-usage-stats '",
        "disable-usage-stats   | True     | ' --disable-usage-stats '",
        "object-store-memory   | 1000     | ' --object-store-memory=1000 '",
        "num-cpus              | 0        | ' --num-cpus=0 '",
        "num-gpus              | 1        | ' --num-gpus=1 '",
        "memory                | 77       | ' --memory=77 '",
        "dashboard-host        | ::       | ' --dashboard-host=:: '",
        "metrics-export-port   | 9090     | ' --metrics-export-port=9090 '",
      })
  void theUsersParametersWin(String name, String value, String flag) {
    String command = head("cpu=4,memory=1Gi,nvidia.com/gpu=2", "", Map.of(name, value));

    assertThat(command).containsOnlyOnce("--" + name).contains(flag);
  }

  @Test
  void aSwitchThatIsOffIsLeftOut() {
    assertThat(head("", "", Map.of("disable-usage-stats", "false", "autoscaling", "FALSE")))
        .doesNotContain("disable-usage-stats")
        .doesNotContain("autoscaling");
  }

  @Test
  void rayNeverLeavesTheForeground() {
    assertThat(head("", "", Map.of("block", "false"))).contains(" --block ");
  }

  /** A TPU group that also has custom resources of its own keeps its TPUs. */
  @Test
  void customResourcesOfTheUserAreKeptBesideTheCountedOnes() {
    assertThat(head("google.com/tpu=4", "", Map.of("resources", "'{\"slice-head\":1}'")))
        .contains("\"TPU\":4")
        .contains("\"slice-head\":1");
  }

  @Test
  void flagsAreSortedByName() {
    String command =
        head(
            "cpu=4,memory=1Gi,nvidia.com/gpu=2",
            "",
            Map.of("port", "7000", "temp-dir", "/x", "node-name", "n"));

    String[] flags = command.substring(command.indexOf("--head") + 6).trim().split(" +", -1);
    assertThat(flags).isSorted();
  }

  @Test
  void theProbesAskTheAgentWhereItListens() {
    Map<String, String> params = Map.of("dashboard-agent-listen-port", "53000");

    Container now = ray(pod("", "", params, "2.60.0"));
    Container before = ray(pod("", "", params, "2.9.3"));

    assertThat(now.getLivenessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(53000);
    assertThat(now.getReadinessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(53000);
    assertThat(before.getLivenessProbe().getExec().getCommand().getLast())
        .contains("http://localhost:53000/api/local_raylet_healthz");
  }

  private static String head(String limits, String requests, Map<String, String> params) {
    return env(ray(pod(limits, requests, params, "2.60.0")), "KUBERAY_GEN_RAY_START_CMD");
  }

  private static Pod pod(
      String limits, String requests, Map<String, String> params, String rayVersion) {
    return RayPod.head(
        Clusters.named("demo")
            .rayVersion(rayVersion)
            .headParams(params)
            .head(Clusters.template(container(limits, requests)))
            .build(),
        Pods.SETTINGS);
  }

  private static String worker(String limits, String requests, Map<String, String> params) {
    WorkerGroupSpec group =
        new WorkerGroupSpec(
            "small", 1, 0, 1, params, null, Clusters.template(container(limits, requests)));
    RayCluster cluster = Clusters.named("demo").group(group).build();
    return env(
        ray(RayPod.worker(cluster, group, Pods.worker("w", 0), Pods.SETTINGS)),
        "KUBERAY_GEN_RAY_START_CMD");
  }

  private static Container container(String limits, String requests) {
    return new ContainerBuilder()
        .withName("ray")
        .withNewResources()
        .withLimits(quantities(limits))
        .withRequests(quantities(requests))
        .endResources()
        .build();
  }

  private static Map<String, Quantity> quantities(String text) {
    Map<String, Quantity> quantities = new TreeMap<>();
    Stream.of(text.split(",", -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> entry.split("=", -1))
        .forEach(entry -> quantities.put(entry[0], new Quantity(entry[1])));
    return quantities;
  }

  private static Container ray(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private static String env(Container container, String name) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }
}
