package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Lays what flags ask for over a manifest. A manifest with groups of its own stays one; any other
 * gets a short {@code spec.platform}, which the operator completes.
 */
public final class ClusterWriter {
  /** The group that there is when nobody names one. */
  static final String DEFAULT_GROUP = "worker";

  /** The GPU of who asks for one and doesn't say which. */
  static final String DEFAULT_GPU = "t4";

  private static final String GPU = "nvidia.com/gpu";

  /** A manifest without anything. */
  public static ObjectNode empty(String namespace, String name) {
    ObjectNode cluster = Json.object();
    cluster.put("apiVersion", "ray.io/v1").put("kind", "RayCluster");
    cluster.putObject("metadata").put("name", name).put("namespace", namespace);
    return cluster;
  }

  /** A manifest for a new cluster out of flags alone: one group with one worker at least. */
  public static ObjectNode fresh(String namespace, String name, Request request) {
    ObjectNode cluster = empty(namespace, name);
    ObjectNode group = Json.object(cluster, "spec", "platform").putArray("groups").addObject();
    Request.Workers workers = request.workers();
    group.put("groupName", workers.group() == null ? DEFAULT_GROUP : workers.group());
    group.put("replicas", workers.min() == null ? 1 : Math.max(1, workers.min()));
    lay(cluster, request);
    return cluster;
  }

  /** Changes a manifest in place. */
  public static void lay(ObjectNode cluster, Request request) {
    request.labels().forEach(Json.object(cluster, "metadata", "labels")::put);
    request.annotations().forEach(Json.object(cluster, "metadata", "annotations")::put);
    prune(Json.object(cluster, "metadata"), "labels", "annotations");
    ObjectNode spec = Json.object(cluster, "spec");
    if (request.suspend() != null) {
      spec.put("suspend", request.suspend());
    }
    if (spec.has("headGroupSpec") && !completed(cluster)) {
      plain(cluster, spec, request);
    } else {
      brief(cluster, Json.object(spec, "platform"), request);
    }
    rest(spec, request);
  }

  /**
   * Whether the pods that are written out are the platform's: as for the operator, any text in the
   * annotation counts. Who has taken {@code spec.platform} away has made them his own.
   */
  private static boolean completed(ObjectNode cluster) {
    return Json.at(cluster, "spec").hasNonNull("platform")
        && Json.text(cluster, "metadata", "annotations", ResolvedNote.ANNOTATION) != null;
  }

  /** What {@code spec.platform} says of any cluster. */
  private static void rest(ObjectNode spec, Request request) {
    ObjectNode platform = Json.object();
    if (spec.path("platform") instanceof ObjectNode there) {
      platform = there;
    }
    workspace(platform, request.workspace());
    Request.Lifecycle lifecycle = request.lifecycle();
    put(platform, lifecycle.idleTimeout(), "lifecycle", "idleTimeout");
    put(platform, lifecycle.ttl(), "lifecycle", "ttl");
    put(platform, lifecycle.onExpiry(), "lifecycle", "onExpiry");
    Request.Placement placement = request.placement();
    put(platform, placement.nodeIsolation(), "placement", "nodeIsolation");
    put(platform, placement.imageStreaming(), "placement", "imageStreaming");
    put(platform, placement.computeClass(), "placement", "computeClass");
    if (!platform.isEmpty()) {
      spec.set("platform", platform);
    }
  }

  private static void workspace(ObjectNode platform, Request.Workspace workspace) {
    put(platform, workspace.notebook(), "workspace", "notebook");
    put(platform, workspace.vscode(), "workspace", "vscode");
    put(platform, workspace.tutorials(), "workspace", "tutorials");
    if (Boolean.TRUE.equals(workspace.tutorials())
        && !Json.at(platform, "workspace").has("notebook")) {
      put(platform, true, "workspace", "notebook");
    }
    put(platform, workspace.ssh(), "workspace", "ssh");
    put(platform, workspace.size(), "workspace", "home", "size");
  }

  private static void brief(ObjectNode cluster, ObjectNode platform, Request request) {
    put(platform, request.image(), "image");
    put(platform, request.serviceAccount(), "serviceAccountName");
    if (!request.head().saysNothing()) {
      size(Json.object(platform, "head"), request.head());
    }
    Request.Workers workers = request.workers();
    if (!workers.saysNothing()) {
      ObjectNode group = briefGroup(cluster, platform, workers.group());
      numbers(group, workers);
      put(group, workers.capacity(), "capacity");
      put(group, workers.reservation(), "reservation");
      size(group, workers.size());
      numbersThatHold(cluster, Json.text(group, "groupName"), workers);
    }
  }

  /**
   * The same numbers for the group that is written out already: to the operator one of the
   * platform's that is what it was is no change, and what somebody has scaled since would stay.
   */
  private static void numbersThatHold(ObjectNode cluster, String name, Request.Workers workers) {
    for (JsonNode group : Json.at(cluster, "spec", "workerGroupSpecs")) {
      if (Objects.equals(name, Json.text(group, "groupName"))) {
        numbers((ObjectNode) group, workers);
        Integer min = Json.number(group, "minReplicas");
        if (min != null && workers.max() != null && min > workers.max()) {
          // One that was scaled gives way: the operator can't tell any more which of them is new.
          put((ObjectNode) group, workers.max(), "minReplicas");
        }
      }
    }
  }

  private static void numbers(ObjectNode group, Request.Workers workers) {
    put(group, workers.replicas(), "replicas");
    put(group, workers.min(), "minReplicas");
    put(group, workers.max(), "maxReplicas");
  }

  private static ObjectNode briefGroup(ObjectNode cluster, ObjectNode platform, String name) {
    ArrayNode groups =
        platform.path("groups") instanceof ArrayNode there ? there : platform.putArray("groups");
    ObjectNode found = choose(cluster, groups, name);
    if (found != null) {
      return found;
    }
    ObjectNode group = groups.addObject();
    return group.put("groupName", name == null ? DEFAULT_GROUP : name).put("replicas", 1);
  }

  private static void size(ObjectNode part, Request.Size size) {
    put(part, size.cpus(), "cpu");
    put(part, size.memory(), "memory");
    if (Integer.valueOf(0).equals(size.gpus())) {
      part.remove("accelerator");
      return;
    }
    if (size.gpus() != null || size.gpuType() != null || size.topology() != null) {
      ObjectNode accelerator = Json.object(part, "accelerator");
      put(accelerator, size.gpus(), "count");
      put(accelerator, size.gpuType(), "type");
      put(accelerator, size.topology(), "topology");
      if (!accelerator.has("type")) {
        accelerator.put("type", DEFAULT_GPU);
      }
    }
  }

  private static void plain(ObjectNode cluster, ObjectNode spec, Request request) {
    if (!request.beyondPlain().isEmpty()) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              String.join(", ", request.beyondPlain())
                  + " can't be laid over pods that are written out")
          .because("the manifest has a headGroupSpec; which nodes its pods need stands there")
          .suggesting("change the manifest, or describe the pods in spec.platform");
    }
    put(spec, request.rayVersion(), "rayVersion");
    ObjectNode head = Json.object(spec, "headGroupSpec", "template");
    List<ObjectNode> templates = new ArrayList<>(List.of(head));
    for (JsonNode group : spec.path("workerGroupSpecs")) {
      templates.add(Json.object((ObjectNode) group, "template"));
    }
    for (ObjectNode template : templates) {
      put(template, request.serviceAccount(), "spec", "serviceAccountName");
      if (request.image() != null) {
        ray(template).put("image", request.image());
      }
    }
    resources(head, request.head());
    Request.Workers workers = request.workers();
    if (!workers.saysNothing()) {
      ArrayNode groups =
          spec.path("workerGroupSpecs") instanceof ArrayNode there
              ? there
              : spec.putArray("workerGroupSpecs");
      ObjectNode group = choose(cluster, groups, workers.group());
      if (group == null) {
        throw new Failure(
                ErrorCode.INVALID_CONFIG,
                "the manifest has no worker group"
                    + (workers.group() == null ? "" : " " + workers.group()))
            .suggesting("write it into the manifest");
      }
      numbers(group, workers);
      resources(Json.object(group, "template"), workers.size());
    }
  }

  private static void resources(ObjectNode template, Request.Size size) {
    if (size.saysNothing()) {
      return;
    }
    ObjectNode resources = Json.object(ray(template), "resources");
    put(resources, size.cpus(), "requests", "cpu");
    if (resources.path("limits").has("cpu")) {
      put(resources, size.cpus(), "limits", "cpu");
    }
    put(resources, size.memory(), "requests", "memory");
    put(resources, size.memory(), "limits", "memory");
    if (size.gpus() != null) {
      Json.object(resources, "limits").put(GPU, size.gpus().toString());
      if (resources.path("requests").has(GPU)) {
        Json.object(resources, "requests").put(GPU, size.gpus().toString());
      }
    }
  }

  private static ObjectNode ray(ObjectNode template) {
    if (Json.at(template, "spec", "containers", 0) instanceof ObjectNode container) {
      return container;
    }
    throw new Failure(ErrorCode.INVALID_CONFIG, "a pod template of the manifest has no container");
  }

  /** The group of a name, or the only one; null when there is none. */
  private static ObjectNode choose(ObjectNode cluster, ArrayNode groups, String name) {
    if (name == null && groups.size() > 1) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              "cluster " + Json.text(cluster, "metadata", "name") + " has several worker groups")
          .suggesting(
              "--worker-group with one of: "
                  + String.join(", ", groups.findValuesAsText("groupName")));
    }
    for (JsonNode group : groups) {
      if (name == null || name.equals(Json.text(group, "groupName"))) {
        return (ObjectNode) group;
      }
    }
    return null;
  }

  private static void put(ObjectNode tree, Object value, String... path) {
    if (value == null) {
      return;
    }
    ObjectNode parent = Json.object(tree, Arrays.copyOf(path, path.length - 1));
    String last = path[path.length - 1];
    switch (value) {
      case Integer number -> parent.put(last, number);
      case Boolean flag -> parent.put(last, flag);
      default -> parent.put(last, value.toString());
    }
  }

  private static void prune(ObjectNode tree, String... names) {
    for (String name : names) {
      if (tree.path(name).isEmpty()) {
        tree.remove(name);
      }
    }
  }

  private ClusterWriter() {}
}
