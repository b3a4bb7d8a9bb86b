package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClusterNewsTest {
  private static final String COPY = "kubectl.kubernetes.io/last-applied-configuration";

  @Test
  void whatTheClusterIsToBeIsNews() {
    assertThat(isNews(metadata -> metadata.withGeneration(2L))).isTrue();
    assertThat(isNews(metadata -> metadata.addToLabels("a", "b"))).isTrue();
    assertThat(isNews(metadata -> metadata.addToAnnotations("a", "b"))).isTrue();
    assertThat(isNews(metadata -> metadata.removeFromAnnotations("mine"))).isTrue();
    assertThat(isNews(metadata -> metadata.withDeletionTimestamp("2026-03-01T12:00:00Z"))).isTrue();
  }

  @Test
  void anotherVersionIsNone() {
    assertThat(isNews(metadata -> metadata.withResourceVersion("2"))).isFalse();
    assertThat(isNews(metadata -> metadata.addToAnnotations(COPY, "{}"))).isFalse();
  }

  /** It was deleted and made anew while the watch had a gap. */
  @Test
  void anotherClusterIsNewsHoweverYoungItsSpec() {
    assertThat(isNews(metadata -> metadata.withUid("another"))).isTrue();
  }

  private static boolean isNews(UnaryOperator<ObjectMetaBuilder> change) {
    RayCluster before = Clusters.named("c").annotations(Map.of("mine", "stays")).build();
    RayCluster now = Clusters.named("c").build();
    now.setMetadata(change.apply(new ObjectMetaBuilder(before.getMetadata())).build());
    return ClusterNews.isIn(now, before);
  }
}
