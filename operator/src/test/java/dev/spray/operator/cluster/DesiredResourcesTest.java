package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredResourcesTest {

  @ParameterizedTest(name = "a head of {0} and {1} workers of {2}: {3} CPUs")
  @CsvSource({
    "2, 1, 500m, 2500m",
    "2, 2, 500m, 3",
    "2, 0, 500m, 2",
    "0, 0, 1, 0",
    "100m, 3, 100m, 400m",
    "1000, 1000, 64, 65000",
    "0.5, 1, 1.5, 2",
    "1, 3, 333m, 1999m",
    "1e3, 1, 1k, 2000",
    "1u, 0, 1, 1m",
  })
  void cpusAreSummedUp(String head, int replicas, String worker, String sum) {
    assertThat(resources("cpu", head, replicas, worker).cpu().toString()).isEqualTo(sum);
  }

  @ParameterizedTest(name = "a head of {0} and {1} workers of {2}: {3}")
  @CsvSource({
    "5Gi, 1, 1Gi, 6Gi",
    "5Gi, 0, 1Gi, 5Gi",
    "0, 0, 1Gi, 0",
    "512Mi, 1, 512Mi, 1Gi",
    "1.5Gi, 0, 1, 1536Mi",
    "1Gi, 1, 1, 1073741825",
    "1G, 0, 1, 1G",
    "1M, 3, 1M, 4M",
    "768Gi, 1000, 12Ti, 12288768Gi",
    "1Ti, 1023, 1Ti, 1Pi",
    "4Pi, 3, 4Pi, 16Pi",
  })
  void memoryIsSummedUp(String head, int replicas, String worker, String sum) {
    assertThat(resources("memory", head, replicas, worker).memory().toString()).isEqualTo(sum);
  }

  @ParameterizedTest(name = "{0}: {1} GPUs, {2} TPUs")
  @CsvSource({
    "nvidia.com/gpu, 7, 0",
    "amd.com/gpu, 7, 0",
    "google.com/tpu, 0, 7",
    "example.com/fpga, 0, 0",
  })
  void acceleratorsAreSummedUp(String resource, String gpus, String tpus) {
    DesiredResources resources = resources(resource, "1", 3, "2");

    assertThat(resources.gpu().toString()).isEqualTo(gpus);
    assertThat(resources.tpu().toString()).isEqualTo(tpus);
  }

  @Test
  void gpusOfAllMakersCount() {
    RayCluster cluster =
        Clusters.named("demo")
            .head(
                Clusters.template(
                    container(Map.of(), Map.of("nvidia.com/gpu", "1", "amd.com/gpu", "2"))))
            .build();

    assertThat(DesiredResources.of(cluster.getSpec()).gpu().toString()).isEqualTo("3");
  }

  @Test
  void requestsCountBeforeLimitsAndAllContainersCount() {
    RayCluster cluster =
        Clusters.named("demo")
            .head(
                Clusters.template(
                    container(Map.of("cpu", "1"), Map.of("cpu", "4", "memory", "2Gi")),
                    container(Map.of("memory", "1Gi"), Map.of()),
                    container(Map.of(), Map.of()),
                    new Container()))
            .build();

    DesiredResources resources = DesiredResources.of(cluster.getSpec());

    assertThat(resources.cpu().toString()).isEqualTo("1");
    assertThat(resources.memory().toString()).isEqualTo("3Gi");
  }

  @Test
  void replicasCountWithinTheirBounds() {
    RayCluster cluster =
        Clusters.named("demo")
            .group("low", 3, 0, 5)
            .group("high", 0, 9, 5)
            .group("exact", 0, 1, 5)
            .build();

    // The head's 2 and nine workers' 500m.
    assertThat(DesiredResources.of(cluster.getSpec()).cpu().toString()).isEqualTo("6500m");
  }

  @Test
  void theLargestClusterThatTheSchemaAllowsHasASum() {
    RayCluster cluster =
        Clusters.named("demo").group("small", 0, Integer.MAX_VALUE, Integer.MAX_VALUE).build();

    assertThat(DesiredResources.of(cluster.getSpec()).memory().toString())
        .isEqualTo("2147483651Gi");
  }

  private static DesiredResources resources(
      String resource, String head, int replicas, String worker) {
    WorkerGroupSpec group =
        new WorkerGroupSpec(
            "small",
            replicas,
            0,
            Integer.MAX_VALUE,
            null,
            null,
            Clusters.template(container(Map.of(resource, worker), Map.of())));
    RayCluster cluster =
        Clusters.named("demo")
            .head(Clusters.template(container(Map.of(resource, head), Map.of())))
            .group(group)
            .build();
    return DesiredResources.of(cluster.getSpec());
  }

  private static Container container(Map<String, String> requests, Map<String, String> limits) {
    return new ContainerBuilder()
        .withName("any")
        .withNewResources()
        .withRequests(quantities(requests))
        .withLimits(quantities(limits))
        .endResources()
        .build();
  }

  private static Map<String, Quantity> quantities(Map<String, String> amounts) {
    Map<String, Quantity> quantities = new TreeMap<>();
    amounts.forEach((name, amount) -> quantities.put(name, new Quantity(amount)));
    return quantities;
  }
}
