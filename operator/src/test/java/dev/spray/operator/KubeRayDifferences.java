package dev.spray.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.operator.JsonDifferences.Difference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where sp-ray is meant to differ from what KubeRay v1.7 did: the one list of it for tests, as
 * {@code docs/kuberay-compatibility.md} is for people.
 */
public final class KubeRayDifferences {

  /** In children: a path, or a path and what KubeRay has there. */
  private static final List<String> DELIBERATE =
      List.of(
          // Names are chosen by the operator, never by the API server.
          "metadata\\.name",
          "metadata\\.generateName",
          // The recordings leave UIDs out.
          "metadata\\.ownerReferences\\[0]\\.uid",
          // What another operator made is left alone by KubeRay, which hashes in its own way.
          "metadata\\.annotations\\.ray\\.io/(kuberay-version|upgrade-strategy-recreate-hash)",
          "metadata\\.annotations\\.sp-ray\\.dev/revision",
          // Notes what was wanted of an object that is applied.
          "metadata\\.annotations\\.sp-ray\\.dev/desired-hash",
          // Of a cluster's UID.
          "metadata\\.annotations\\.ray\\.io/external-storage-namespace",
          "spec\\.containers\\[0]\\.env\\[\\d+]\\.value:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
          // By which the operator finds what it has made.
          "metadata\\.labels\\.ray\\.io/cluster:",
          // Which may change while the head runs.
          "spec\\.selector\\.app\\.kubernetes\\.io/name",
          // An autoscaler may touch its own cluster only.
          "rules\\[2]\\.resourceNames\\[0]",
          // A TCP connect in bash instead of a Python interpreter per attempt.
          "spec\\.initContainers\\[\\d+]\\.args\\[0]:.*ray health-check.*",
          // Rules that a network policy can't do without come after those that KubeRay has.
          "spec\\.(in|e)gress\\[\\d+].*:",
          // Says which operator it is.
          "spec\\.containers\\[0]\\.env\\[\\d+]\\.value:kuberay_version=nightly;.*");

  /** Conditions that KubeRay doesn't have. */
  private static final Set<String> MORE =
      Set.of(
          ConditionTypes.READY,
          ConditionTypes.RECONCILING,
          ConditionTypes.STALLED,
          ConditionTypes.UPDATE_PENDING);

  private static final int FIRST_NODE_PORT = 30_000;

  /** Those between two children that are not meant. */
  public static List<Difference> unmeant(HasMetadata ours, HasMetadata theirs) {
    return JsonDifferences.between(inOrder(ours), inOrder(theirs)).stream()
        .filter(difference -> !isDeliberate(difference))
        .toList();
  }

  /**
   * A status, ours or theirs, without times, without what the API server chooses, without
   * sentences, which are in our own words, and without what only one of the two is meant to have.
   */
  public static JsonNode comparable(JsonNode whole) {
    ObjectNode status = whole.deepCopy();
    status.remove("lastUpdateTime");
    // KubeRay adds its finalizer with the whole object, which may make another generation.
    status.replace("observedGeneration", BooleanNode.valueOf(status.has("observedGeneration")));
    if (status.path("head") instanceof ObjectNode head) {
      head.remove("serviceIP");
      head.put(
          "podName", head.path("podName").asText().replaceFirst("-head-[a-z0-9]{5}$", "-head"));
    }
    if (status.path("endpoints") instanceof ObjectNode endpoints) {
      endpoints.properties().stream()
          .filter(port -> port.getValue().asInt() >= FIRST_NODE_PORT)
          .forEach(port -> port.setValue(endpoints.textNode("a port of the nodes")));
    }
    TreeMap<String, JsonNode> conditions = new TreeMap<>();
    for (JsonNode condition : status.path("conditions")) {
      ((ObjectNode) condition)
          .remove(List.of("lastTransitionTime", "observedGeneration", "message"));
      if (!MORE.contains(condition.path("type").asText())) {
        conditions.put(condition.path("type").asText(), condition);
      }
    }
    status.putArray("conditions").addAll(conditions.values());
    return status;
  }

  /** KubeRay lists the ports of a service that its user describes in a random order. */
  private static HasMetadata inOrder(HasMetadata child) {
    if (child instanceof Service service) {
      service.getSpec().getPorts().sort(Comparator.comparing(ServicePort::getName));
    }
    return child;
  }

  private static boolean isDeliberate(Difference difference) {
    String whole = (difference.path() + ":" + difference.theirs()).replace("\n", " ");
    return DELIBERATE.stream()
        .anyMatch(known -> difference.path().matches(known) || whole.matches(known));
  }

  private KubeRayDifferences() {}
}
