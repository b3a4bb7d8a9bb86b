package dev.spray.e2e.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients in Go, with KubeRay's types, change a cluster and it goes on. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class TypedClientTest {
  /** What came to KubeRay's types after those of the client, or is ours. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "/spec/("
              + "idleTerminationOptions|idleSuspend|tlsOptions|networkPolicy|historyServerOptions"
              + "|upgradeStrategy/rollingUpdate"
              + "|autoscalerOptions/(command|args)"
              + "|gcsFaultToleranceOptions/(backend|storage)"
              + "|headGroupSpec/ingressOptions"
              + "|workerGroupSpecs/\\d+/priority)");

  private Playground playground;
  private Testbed testbed;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void anUpdateOfTheWholeObjectScalesTheCluster() {
    playground.startOperator();
    playground.apply(Manifests.cluster("c", 1) + Manifests.group("large", 1));
    Playground.await().until(() -> playground.pods().size() == 3);
    List<String> before = names(playground.pods());
    // A status that is written between its read and its write would be a conflict.
    playground.awaitTrue("c", ConditionTypes.RECONCILING);

    client("c", "scale", "large", "3");

    Playground.await().until(() -> playground.pods().size() == 5);
    assertThat(names(playground.pods())).containsAll(before);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @Test
  void aMergePatchOfAllGroupsStartsTheCluster() {
    playground.startOperator();
    playground.apply(
        Manifests.cluster("c", 2).replace("  rayVersion:", "  suspend: true\n  rayVersion:")
            + Manifests.group("large", 1));
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);

    client("c", "start", "pool", "batch");

    Playground.await().until(() -> playground.pods().size() == 4);
    assertThat(playground.pods())
        .extracting(pod -> pod.getSpec().getNodeSelector())
        .containsOnly(Map.of("pool", "batch"));
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  static Stream<Manifest> manifests() {
    return Manifest.all().stream()
        .filter(manifest -> manifest.cluster().at("/spec/workerGroupSpecs/0").isObject());
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void nothingIsLostThatTheTypesKnow(Manifest manifest) {
    playground.apply(manifest.cluster().toString());
    assertThat(lostBy(manifest.name())).isEmpty();
  }

  static Stream<Manifest> shortExamples() {
    return Manifest.all().stream()
        .filter(manifest -> manifest.from().startsWith("examples"))
        .filter(manifest -> manifest.cluster().at("/spec/platform/groups/0").isObject());
  }

  /** The operator says in their terms what a short manifest leaves out. */
  @ParameterizedTest
  @MethodSource("shortExamples")
  void theTypesKnowAllThatAShortManifestBecomes(Manifest manifest) {
    RayOperator operator = playground.startOperator();
    playground.apply(manifest.cluster().toString());
    Playground.await()
        .until(() -> stored(manifest.name()).at("/spec/workerGroupSpecs/0").isObject());
    operator.close();

    assertThat(lostBy(manifest.name())).containsExactly("/spec/platform");
  }

  /** Fields of a cluster that are gone after its first group was scaled. */
  private List<String> lostBy(String cluster) {
    ObjectNode before = stored(cluster);
    ObjectNode group = (ObjectNode) before.at("/spec/workerGroupSpecs/0");

    client(cluster, "scale", group.get("groupName").asText(), "3");

    group.put("replicas", 3);
    List<String> lost = new ArrayList<>();
    collectLost("/spec", before.get("spec"), stored(cluster).get("spec"), lost);
    return lost;
  }

  private static void collectLost(String path, JsonNode before, JsonNode after, List<String> lost) {
    if (UNKNOWN.matcher(path).matches()) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      before
          .properties()
          .forEach(field ->
              collectLost(
                  path + "/" + field.getKey(), field.getValue(), after.path(field.getKey()), lost));
    } else if (before.isArray() && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        collectLost(path + "/" + i, before.get(i), after.get(i), lost);
      }
    } else if (!isSame(before, after)) {
      lost.add(after.isMissingNode() ? path : "%s: %s became %s".formatted(path, before, after));
    }
  }

  /** Typed clients write amounts in a form of their own, and leave out what is empty. */
  private static boolean isSame(JsonNode before, JsonNode after) {
    if (after.isMissingNode()) {
      return before.isEmpty() && (before.isContainerNode() || before.asText().isEmpty());
    }
    if (before.equals(after)) {
      return true;
    }
    if (isAmount(before) && isAmount(after)) {
      BigDecimal amount = Quantity.parse(before.asText()).getNumericalAmount();
      return amount.compareTo(Quantity.parse(after.asText()).getNumericalAmount()) == 0;
    }
    return false;
  }

  private static boolean isAmount(JsonNode node) {
    return node.isValueNode() && node.asText().matches("[0-9]+(\\.[0-9]+)?([a-zA-Z]{1,2})?");
  }

  private ObjectNode stored(String name) {
    String json = playground.kubectl("", "get", "raycluster", name, "-o", "json").output();
    return Serialization.unmarshal(json, ObjectNode.class);
  }

  private static List<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  private void client(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "KUBECONFIG=" + testbed.kubeconfig(),
                Testbed.ROOT.resolve("e2e/ecosystem/typed-client/run").toString(),
                playground.namespace()));
    command.addAll(List.of(arguments));
    var _ = Testbed.execute(command);
  }
}
