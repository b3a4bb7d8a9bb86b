package dev.spray.operator.pods;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods of whole manifests, each in {@code golden/<case>}. After a change that is meant, {@code mvn
 * test -Dgolden.write=true} writes them anew, and the diff is what the change does to users.
 */
class PodsGoldenTest {
  /** Sorted, because resources have no order of their own. */
  private static final KubernetesSerialization YAML =
      new KubernetesSerialization(
          JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build(),
          false);

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final PodSettings SETTINGS = PodSettings.standard("VERSION");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "head-only",
        "two-groups",
        "own-everything",
        "old-ray",
        "autoscaled",
        "multi-host",
        "encrypted"
      })
  void podsAreAsRecorded(String name) throws IOException {
    Path file = GOLDEN.resolve(name).resolve("pods.yaml");
    String input = Files.readString(GOLDEN.resolve(name).resolve("input.yaml"), UTF_8);

    String pods =
        pods(Clusters.parse(input, Clusters.NAMESPACE)).stream()
            .map(YAML::asYaml)
            .collect(Collectors.joining());
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, pods, UTF_8);
    }

    assertThat(pods).isEqualTo(Files.readString(file, UTF_8));
  }

  private static List<Pod> pods(RayCluster cluster) {
    List<Pod> pods = new ArrayList<>(List.of(RayPod.head(cluster, SETTINGS)));
    Set<String> taken = new HashSet<>();
    for (WorkerGroupSpec group : cluster.getSpec().workerGroupSpecs()) {
      for (int index = 0; index < group.desiredPods(); index++) {
        String name =
            PodNames.worker(
                Clusters.UID,
                cluster.getMetadata().getName(),
                group.groupName(),
                index,
                taken::contains);
        taken.add(name);
        pods.add(RayPod.worker(cluster, group, identity(group, name, index), SETTINGS));
      }
    }
    return pods;
  }

  private static WorkerIdentity identity(WorkerGroupSpec group, String name, int index) {
    int replica = index / group.hosts();
    Host host = new Host(group.groupName() + "-replica-" + replica, index % group.hosts());
    return new WorkerIdentity(name, replica, Optional.of(host).filter(any -> group.hosts() > 1));
  }
}
