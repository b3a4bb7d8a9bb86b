package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterStoreTest {
  private final ClusterStore store = new ClusterStore();

  @Test
  void versionsOfOneGenerationShareTheirSpec() {
    RayCluster first = version("uid-1", 1, "10");
    RayCluster second = version("uid-1", 1, "11");
    store.put("c", first);
    store.put("c", second);
    assertThat(store.get("c")).isSameAs(second);
    assertThat(second.getSpec()).isSameAs(first.getSpec());
  }

  @Test
  void anotherGenerationOrAnotherClusterOfThatNameHasItsOwn() {
    RayCluster first = version("uid-1", 1, "10");
    store.put("c", first);
    RayCluster edited = version("uid-1", 2, "11");
    store.put("c", edited);
    assertThat(edited.getSpec()).isNotSameAs(first.getSpec());
    RayCluster anew = version("uid-2", 2, "12");
    store.put("c", anew);
    assertThat(anew.getSpec()).isNotSameAs(edited.getSpec());
  }

  @Test
  void theCopyOfTheManifestIsDroppedAndNothingElse() {
    RayCluster cluster = version("uid-1", 1, "10");
    cluster
        .getMetadata()
        .setAnnotations(
            Map.of("kubectl.kubernetes.io/last-applied-configuration", "{}", "mine", "stays"));
    store.put("c", cluster);
    assertThat(store.get("c").getMetadata().getAnnotations()).isEqualTo(Map.of("mine", "stays"));
  }

  private static RayCluster version(String uid, long generation, String resourceVersion) {
    RayCluster cluster = Clusters.named("c").build();
    cluster.setMetadata(
        new ObjectMetaBuilder(cluster.getMetadata())
            .withUid(uid)
            .withGeneration(generation)
            .withResourceVersion(resourceVersion)
            .build());
    return cluster;
  }
}
