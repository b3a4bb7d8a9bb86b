package dev.spray.operator.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Revisions of what a spec says of its pods. They follow from the spec alone, and only from what
 * pods are made of: neither numbers of pods nor anything about services, nor what another operator
 * or other options of it would make of the same spec. Tolerations and scheduling gates don't count,
 * as for KubeRay: Kueue writes them. Nor does what keeps a node for one Ray pod.
 *
 * @param head the head's
 * @param workers each worker group's, by name
 */
public record PodRevisions(String head, Map<String, String> workers) {
  /** How a revision is made; one that is made otherwise can't be compared, and isn't. */
  private static final String SCHEME = "2-";

  /** What Ray's autoscaler reads from the cluster as it runs. */
  private static final List<String> READ_BY_AUTOSCALER =
      List.of("idleTimeoutSeconds", "upscalingMode");

  private static final JsonMapper JSON = new JsonMapper();

  /** Those of a spec without problems. */
  public static PodRevisions of(RayClusterSpec spec) {
    Map<String, String> workers = new LinkedHashMap<>();
    spec.workerGroupSpecs()
        .forEach(group -> workers.put(group.groupName(), revision(worker(spec, group))));
    return new PodRevisions(revision(head(spec)), workers);
  }

  /** Whether two revisions tell that something changed. */
  public static boolean differ(String one, String other) {
    return one.startsWith(SCHEME) && other.startsWith(SCHEME) && !one.equals(other);
  }

  private static ObjectNode head(RayClusterSpec spec) {
    HeadGroupSpec group = spec.headGroupSpec();
    ObjectNode head = common(spec);
    head.set("template", template(group.template()));
    head.set("rayStartParams", JSON.valueToTree(group.rayStartParams()));
    head.set("resources", JSON.valueToTree(group.resources()));
    head.set("labels", JSON.valueToTree(group.labels()));
    head.set("gcsFaultToleranceOptions", JSON.valueToTree(spec.gcsFaultToleranceOptions()));
    if (spec.autoscaled()) {
      ObjectNode autoscaler = JSON.valueToTree(spec.autoscaler());
      autoscaler.remove(READ_BY_AUTOSCALER);
      head.put("autoscaled", true);
      head.set("autoscalerOptions", autoscaler);
    }
    return head;
  }

  private static ObjectNode worker(RayClusterSpec spec, WorkerGroupSpec group) {
    HeadGroupSpec head = spec.headGroupSpec();
    ObjectNode worker = common(spec);
    worker.set("template", template(group.template()));
    worker.set("rayStartParams", JSON.valueToTree(group.rayStartParams()));
    worker.set("resources", JSON.valueToTree(group.resources()));
    worker.set("labels", JSON.valueToTree(group.labels()));
    // By which it finds the head, and whether it waits for one that comes back.
    worker.put("port", head.rayStartParams().get("port"));
    if (head.headService() != null && head.headService().getMetadata() != null) {
      worker.put("headService", head.headService().getMetadata().getName());
    }
    if (spec.gcsFaultToleranceOptions() != null) {
      worker.put("faultTolerant", true);
    }
    if (spec.autoscaled()) {
      worker.put("autoscaler", spec.autoscaler().version());
    }
    return worker;
  }

  /** What all pods of a cluster are made of. */
  private static ObjectNode common(RayClusterSpec spec) {
    ObjectNode common = JsonNodeFactory.instance.objectNode();
    common.put("rayVersion", spec.rayVersion());
    common.set("authOptions", JSON.valueToTree(spec.authOptions()));
    common.set("tlsOptions", JSON.valueToTree(spec.tlsOptions()));
    common.set("historyServerOptions", JSON.valueToTree(spec.historyServerOptions()));
    return common;
  }

  private static JsonNode template(Object template) {
    JsonNode tree = JSON.valueToTree(template);
    if (tree.path("spec") instanceof ObjectNode spec) {
      spec.remove(List.of("tolerations", "schedulingGates"));
      WithoutIsolation.in(spec);
    }
    return tree;
  }

  private static String revision(ObjectNode spec) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(canonical(spec).toString().getBytes(UTF_8));
      return SCHEME + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * In the order of its names and without what is empty: else a field that is new to the model
   * would change every revision.
   */
  private static JsonNode canonical(JsonNode value) {
    if (value.isObject()) {
      Map<String, JsonNode> fields = new TreeMap<>();
      value.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
      fields.values().removeIf(PodRevisions::isEmpty);
      return new ObjectNode(JsonNodeFactory.instance, fields);
    }
    if (value.isArray()) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> elements.add(canonical(element)));
      return elements;
    }
    return value;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull() || value.isMissingNode() || (value.isContainerNode() && value.isEmpty());
  }
}
