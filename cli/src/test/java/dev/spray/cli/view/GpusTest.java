package dev.spray.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.platform.ConfigurationFile;
import dev.spray.cli.Golden;
import dev.spray.cli.Golden.Where;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GpusTest {
  private static final GpuCatalogue GKE =
      GpuCatalogue.of(ConfigurationFile.shipped(ConfigurationFile.GKE));

  @ParameterizedTest
  @EnumSource(Where.class)
  void whatAPlatformHas(Where where) {
    Golden.check("gpus", where, terminal -> GKE.table().print(terminal));
  }

  @Test
  void nodesAreCountedByWhatTheyHave() {
    List<Node> nodes =
        List.of(
            node("nvidia-tesla-t4", 1, false),
            node("nvidia-tesla-t4", 1, false),
            node("nvidia-tesla-t4", 1, true),
            node("nvidia-tesla-t4", 4, false),
            node("nvidia-tesla-k80", 2, false),
            node("nvidia-l4", 0, false),
            new NodeBuilder().withNewMetadata().endMetadata().build());

    assertThat(GpuNodes.of(nodes, GKE::shortName).kinds())
        .containsExactly(
            new GpuNodes.Kind("k80", 2, 1, "OnDemand"),
            new GpuNodes.Kind("t4", 1, 2, "OnDemand"),
            new GpuNodes.Kind("t4", 1, 1, "Spot"),
            new GpuNodes.Kind("t4", 4, 1, "OnDemand"));
  }

  /** A TPU's nodes have another resource and another label. */
  @Test
  void tpusCountToo() {
    Node tpu =
        new NodeBuilder(node("", 0, false))
            .editMetadata()
            .addToLabels("cloud.google.com/gke-tpu-accelerator", "tpu-v5-lite-podslice")
            .endMetadata()
            .editStatus()
            .addToAllocatable("google.com/tpu", new Quantity("4"))
            .endStatus()
            .build();

    assertThat(GpuNodes.of(List.of(tpu), GKE::shortName).kinds())
        .containsExactly(new GpuNodes.Kind("v5e", 4, 1, "OnDemand"));
  }

  private static Node node(String label, int gpus, boolean spot) {
    return new NodeBuilder()
        .withNewMetadata()
        .addToLabels("cloud.google.com/gke-accelerator", label)
        .addToLabels("cloud.google.com/gke-spot", Boolean.toString(spot))
        .endMetadata()
        .withNewStatus()
        .withAllocatable(Map.of("nvidia.com/gpu", new Quantity(Integer.toString(gpus))))
        .endStatus()
        .build();
  }
}
