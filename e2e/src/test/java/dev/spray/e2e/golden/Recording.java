package dev.spray.e2e.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.RayLabels;
import dev.spray.e2e.testbed.Playground;
import dev.spray.operator.KubeRayDifferences;
import dev.spray.operator.KubeRayGolden;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator has made of the one RayCluster of a namespace, without what is another at every
 * run: UIDs, times, addresses, random suffixes, and what this or that API server fills in.
 *
 * @param children what the cluster owns, by kind and name
 * @param status the cluster's; empty as long as it has none
 * @param events about whom, of which type and for which reason, each once
 */
record Recording(
    SortedMap<String, ObjectNode> children, JsonNode status, SortedSet<String> events) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Sorted, because resources have no order of their own. */
  private static final KubernetesSerialization YAML =
      new KubernetesSerialization(
          JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build(),
          false);

  /** Whatever an operator of RayClusters may make, and its API version. */
  private static final Map<String, String> KINDS =
      Map.of(
          "Pod", "v1",
          "Service", "v1",
          "ServiceAccount", "v1",
          "Secret", "v1",
          "PersistentVolumeClaim", "v1",
          "Role", "rbac.authorization.k8s.io/v1",
          "RoleBinding", "rbac.authorization.k8s.io/v1",
          "Ingress", "networking.k8s.io/v1",
          "NetworkPolicy", "networking.k8s.io/v1");

  private static final Set<String> OF_METADATA =
      Set.of(
          "annotations",
          "finalizers",
          "generateName",
          "labels",
          "name",
          "namespace",
          "ownerReferences");

  /** What the API server chooses for a service. */
  private static final Set<String> CHOSEN =
      Set.of(
          "clusterIPs",
          "healthCheckNodePort",
          "internalTrafficPolicy",
          "ipFamilies",
          "ipFamilyPolicy",
          "sessionAffinity");

  private static final int FIRST_NODE_PORT = 30_000;

  /** As it is now. */
  static Recording of(Playground playground) {
    HasMetadata cluster = list(playground, "ray.io/v1", "RayCluster").getFirst();
    String uid = cluster.getMetadata().getUid();
    Stream<ObjectNode> children =
        KINDS.entrySet().stream()
            .flatMap(kind -> list(playground, kind.getValue(), kind.getKey()).stream())
            .filter(child -> child.getOwnerReferenceFor(uid).isPresent())
            .map(child -> tree(playground, child));
    SortedSet<String> events =
        playground
            .events()
            .map(e -> e.getRegarding().getKind() + " " + e.getType() + " " + e.getReason())
            .collect(Collectors.toCollection(TreeSet::new));
    return new Recording(
        normalised(children), timeless(tree(playground, cluster).path("status")), events);
  }

  /**
   * As it was once written down.
   *
   * @param children YAML documents
   * @param status a YAML document with {@code status} and {@code events}
   */
  static Recording parse(String children, String status) {
    JsonNode whole = Serialization.unmarshal(status, JsonNode.class);
    SortedSet<String> events = new TreeSet<>();
    whole.path("events").forEach(event -> events.add(event.asText()));
    return new Recording(
        normalised(
            Stream.of(children.split("(?m)^---\\s*$", -1))
                .filter(document -> !document.isBlank())
                .map(document -> Serialization.unmarshal(document, ObjectNode.class))),
        timeless(whole.path("status").path(0)),
        events);
  }

  /** The children as YAML documents. */
  String childrenYaml() {
    return children.values().stream().map(Recording::yaml).collect(Collectors.joining());
  }

  /** Status and Events as a YAML document. */
  String statusYaml() {
    ObjectNode whole = JSON.objectNode();
    ArrayNode reasons = whole.putArray("events");
    events.forEach(reasons::add);
    whole.putArray("status").add(status);
    return yaml(whole);
  }

  /** Where this is not what KubeRay did, and not meant to be: a line each. */
  List<String> unmeantAgainst(Recording theirs) {
    List<String> lines = new ArrayList<>();
    for (String child : union(children.keySet(), theirs.children.keySet())) {
      if (!theirs.children.containsKey(child)) {
        lines.add(child + " is made by sp-ray only");
      } else if (!children.containsKey(child)) {
        lines.add(child + " is made by KubeRay only");
      } else {
        KubeRayDifferences.unmeant(typed(children.get(child)), typed(theirs.children.get(child)))
            .forEach(difference -> lines.add(child + ": " + difference));
      }
    }
    JsonNode ourStatus = KubeRayDifferences.comparable(status);
    JsonNode theirStatus = KubeRayDifferences.comparable(theirs.status);
    if (!ourStatus.equals(theirStatus)) {
      lines.add("status: ours is " + ourStatus + ", theirs " + theirStatus);
    }
    if (!events.equals(theirs.events)) {
      lines.add("events: ours are " + events + ", theirs " + theirs.events);
    }
    return lines;
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  private static HasMetadata typed(ObjectNode child) {
    return KubeRayGolden.child(child.toString());
  }

  private static String yaml(JsonNode node) {
    return YAML.asYaml(YAML.unmarshal(node.toString(), Map.class));
  }

  private static List<GenericKubernetesResource> list(
      Playground playground, String apiVersion, String kind) {
    return playground
        .admin()
        .genericKubernetesResources(apiVersion, kind)
        .inNamespace(playground.namespace())
        .list()
        .getItems();
  }

  private static ObjectNode tree(Playground playground, HasMetadata object) {
    String json =
        Serialization.asJson(object).replace(playground.namespace(), KubeRayGolden.NAMESPACE);
    return Serialization.unmarshal(json, ObjectNode.class);
  }

  private static SortedMap<String, ObjectNode> normalised(Stream<ObjectNode> children) {
    SortedMap<String, ObjectNode> byName = new TreeMap<>();
    children.forEach(child -> {
      normalise(child);
      ObjectNode twin = byName.put(child.path("kind").asText() + " " + name(child), child);
      if (twin != null) {
        throw new IllegalStateException("two are " + name(child) + ":\n" + twin + "\n" + child);
      }
    });
    nameReplicas(byName.values());
    return byName;
  }

  private static void normalise(ObjectNode child) {
    child.remove("status");
    ObjectNode metadata = metadata(child);
    metadata.retain(OF_METADATA);
    metadata.path("ownerReferences").forEach(owner -> ((ObjectNode) owner).remove("uid"));
    if (metadata.path("annotations").has(RayLabels.DESIRED_HASH)) {
      ((ObjectNode) metadata.path("annotations")).put(RayLabels.DESIRED_HASH, "of the wish");
    }
    if (metadata.path("annotations").has(RayLabels.REVISION)) {
      ((ObjectNode) metadata.path("annotations")).put(RayLabels.REVISION, "of the spec");
    }
    if (child.path("data") instanceof ObjectNode data) {
      data.properties().forEach(value -> value.setValue(data.textNode("<data>")));
    }
    if (child.path("spec") instanceof ObjectNode spec) {
      switch (child.path("kind").asText()) {
        case "Pod" -> {
          metadata.put("name", podName(metadata));
          normalisePod(spec);
        }
        case "Service" -> normaliseService(spec);
        default -> {}
      }
    }
  }

  private static void normalisePod(ObjectNode spec) {
    // Admission plug-ins, of which a control plane without controllers lacks one.
    for (String field : List.of("serviceAccount", "serviceAccountName")) {
      if (spec.path(field).asText().equals("default")) {
        spec.remove(field);
      }
    }
    removeIf(
        spec.path("tolerations"),
        toleration ->
            toleration
                    .path("key")
                    .asText()
                    .matches("node\\.kubernetes\\.io/(not-ready|unreachable)")
                && toleration.path("tolerationSeconds").asInt() == 300);
  }

  private static void normaliseService(ObjectNode spec) {
    spec.remove(CHOSEN);
    if (!spec.path("clusterIP").asText().equals("None")) {
      spec.remove("clusterIP");
    }
    spec.path("ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
  }

  /** With what the pod is instead of a random suffix. */
  private static String podName(JsonNode metadata) {
    String name = metadata.path("name").asText();
    JsonNode labels = metadata.path("labels");
    if (labels.path(RayLabels.NODE_TYPE).asText().equals(RayLabels.HEAD)) {
      return name.replaceFirst("-head-[a-z0-9]{5}$", "-head");
    }
    String host =
        labels.has(RayLabels.HOST_INDEX) ? "-" + labels.path(RayLabels.HOST_INDEX).asText() : "";
    return name.replaceFirst("[a-z0-9]+$", labels.path(RayLabels.REPLICA_INDEX).asText() + host);
  }

  /** Numbers the names of replicas, so that still only hosts of one replica share a name. */
  private static void nameReplicas(Iterable<ObjectNode> children) {
    Map<String, String> numbered = new HashMap<>();
    for (ObjectNode child : children) {
      if (metadata(child).path("labels") instanceof ObjectNode labels
          && labels.has(RayLabels.REPLICA_NAME)) {
        String name = labels.path(RayLabels.REPLICA_NAME).asText();
        String number =
            numbered.computeIfAbsent(
                name, any -> any.replaceFirst("[a-z0-9]+$", Integer.toString(numbered.size())));
        labels.put(RayLabels.REPLICA_NAME, number);
      }
    }
  }

  private static JsonNode timeless(JsonNode whole) {
    if (!(whole.deepCopy() instanceof ObjectNode status)) {
      return JSON.objectNode();
    }
    status.remove("lastUpdateTime");
    status.path("conditions").forEach(c -> ((ObjectNode) c).remove("lastTransitionTime"));
    replace(status.path("stateTransitionTimes"), time -> true, "a time");
    replace(status.path("endpoints"), Recording::isNodePort, "a port of the nodes");
    if (status.path("head") instanceof ObjectNode head) {
      head.remove("serviceIP");
    }
    return status;
  }

  private static boolean isNodePort(JsonNode port) {
    return port.asInt() >= FIRST_NODE_PORT;
  }

  private static void replace(JsonNode map, Predicate<JsonNode> which, String by) {
    map.properties().stream()
        .filter(entry -> which.test(entry.getValue()))
        .forEach(entry -> entry.setValue(JSON.textNode(by)));
  }

  private static void removeIf(JsonNode list, Predicate<JsonNode> condition) {
    for (Iterator<JsonNode> each = list.iterator(); each.hasNext(); ) {
      if (condition.test(each.next())) {
        each.remove();
      }
    }
  }

  private static ObjectNode metadata(ObjectNode child) {
    return (ObjectNode) child.path("metadata");
  }

  private static String name(ObjectNode child) {
    return metadata(child).path("name").asText();
  }
}
