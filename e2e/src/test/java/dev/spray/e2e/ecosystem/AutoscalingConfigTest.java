package dev.spray.e2e.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ray's autoscaler computes from the stored RayCluster what a new node would have, and decides by
 * that; what the node has is what the operator tells its {@code ray start}. Both must agree.
 */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class AutoscalingConfigTest {
  private static final List<RayAutoscaler> AUTOSCALERS = new ArrayList<>();

  private Playground playground;

  @BeforeAll
  static void startAutoscalers(Testbed testbed) {
    try (Playground any = new Playground(testbed)) {
      RayAutoscaler.RELEASES.forEach(
          release -> AUTOSCALERS.add(new RayAutoscaler(release, any.operatorConfig())));
    }
  }

  @AfterAll
  static void endAutoscalers() {
    AUTOSCALERS.forEach(RayAutoscaler::close);
    AUTOSCALERS.clear();
  }

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static List<Manifest> manifests() {
    return Manifest.all();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theAutoscalerExpectsWhatRayIsTold(Manifest manifest) {
    makeToken(manifest);
    playground.apply(manifest.cluster().toString());
    Playground.await().until(() -> isComplete(manifest.name()));
    List<NodeGroup> groups = NodeGroup.of(playground.cluster(manifest.name()));
    Map<RayAutoscaler, JsonNode> configs = new LinkedHashMap<>();
    for (RayAutoscaler autoscaler : AUTOSCALERS) {
      configs.put(autoscaler, autoscaler.config(playground.namespace(), manifest.name()));
    }
    Map<String, String> commands = RayStarts.of(playground, manifest.name());

    configs.forEach((autoscaler, config) -> {
      if (config.has("error")) {
        assertThat(config.get("error").asText())
            .as(autoscaler.toString())
            .contains(unreadable(autoscaler, groups));
        return;
      }
      assertThat(config.get("available_node_types").size())
          .as(autoscaler.toString())
          .isEqualTo(groups.size());
      for (NodeGroup group : groups) {
        JsonNode expected = config.get("available_node_types").get(group.name());
        assertBounds(autoscaler, group, expected);
        if (commands.containsKey(group.name())) {
          assertAgree(autoscaler, group, expected, commands.get(group.name()));
        }
      }
    });
  }

  /** A Secret that the cluster names: its pods wait for it. */
  private void makeToken(Manifest manifest) {
    String name = manifest.cluster().at("/spec/authOptions/secretName").asText();
    if (!name.isEmpty()) {
      playground
          .admin()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withNamespace(playground.namespace())
                  .endMetadata()
                  .addToStringData("auth_token", "a-token")
                  .build())
          .create();
    }
  }

  /** A short manifest gets its head from the operator. */
  private boolean isComplete(String cluster) {
    return playground.cluster(cluster).getSpec().headGroupSpec() != null;
  }

  /**
   * The operator does nothing with these: they must reach Ray's autoscaler as they were written.
   */
  @Test
  void whatIsForTheAutoscalerAloneReachesIt() {
    playground.apply(
        Manifests.cluster("c", 1)
            .replace(
                "  rayVersion:",
                "  enableInTreeAutoscaling: true\n"
                    + "  autoscalerOptions: {version: v2, idleTimeoutSeconds: 120,"
                    + " upscalingMode: Conservative}\n  rayVersion:")
            .replace(
                "    replicas: 1\n",
                "    replicas: 1\n    idleTimeoutSeconds: 77\n    priority: 5\n"));

    JsonNode config = AUTOSCALERS.getLast().config(playground.namespace(), "c");

    assertThat(config.path("idle_timeout_minutes").asDouble()).isEqualTo(2);
    assertThat(config.path("upscaling_speed").asInt()).isEqualTo(1);
    JsonNode group = config.path("available_node_types").path("small");
    assertThat(group.path("idle_timeout_s").asDouble()).isEqualTo(77);
    assertThat(group.path("priority").asInt()).isEqualTo(5);
  }

  /** What no Ray can read, however it is stored. */
  private static String unreadable(RayAutoscaler autoscaler, List<NodeGroup> groups) {
    for (NodeGroup group : groups) {
      if (!group.saysCpus(autoscaler.readsResourcesOfGroups())) {
        return "Autoscaler failed to detect `CPU` resources for group " + group.name();
      }
    }
    return groups.size() == 1 ? "KeyError('workerGroupSpecs')" : "no error at all";
  }

  private static void assertBounds(RayAutoscaler autoscaler, NodeGroup group, JsonNode expected) {
    assertThat(List.of(expected.get("min_workers").asInt(), expected.get("max_workers").asLong()))
        .as("%s, pods of %s", autoscaler, group.name())
        .isEqualTo(List.of(group.fewest(), group.most()));
  }

  private static void assertAgree(
      RayAutoscaler autoscaler, NodeGroup group, JsonNode expected, String command) {
    JsonNode told = autoscaler.start(command);
    String what = "%s, group %s: %s".formatted(autoscaler, group.name(), command);
    if (autoscaler.readsResourcesOfGroups()) {
      assertThat(expected.get("labels")).as(what).isEqualTo(told.get("labels"));
    }
    if (autoscaler.readsResourcesOfGroups() || group.resources().isEmpty()) {
      Map<String, BigDecimal> ofAutoscaler = amounts(expected.get("resources"));
      Map<String, BigDecimal> ofNode = amounts(told.get("resources"));
      // The first host of a slice gets it from Ray itself.
      ofAutoscaler.keySet().removeIf(name -> name.matches("TPU-.*-head"));
      if (!group.limitsMemory()) {
        // Ray measures then what it has; the autoscaler takes the request for it.
        ofAutoscaler.remove("memory");
      }
      // What only KubeRay takes for a GPU, and what Ray's autoscaler can't count.
      group.uncountedByAutoscaler().forEach(ofNode::remove);
      assertThat(ofAutoscaler).as(what).isEqualTo(ofNode);
    }
  }

  /** In whole units, as the autoscaler counts. */
  private static Map<String, BigDecimal> amounts(JsonNode resources) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    resources
        .properties()
        .forEach(resource ->
            amounts.put(
                resource.getKey(),
                resource.getValue().decimalValue().setScale(0, RoundingMode.CEILING)));
    return amounts;
  }
}
