package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A RayCluster as the API server has it, whatever it has or lacks.
 *
 * @param tree the whole object
 */
public record Cluster(ObjectNode tree) {

  public String name() {
    return Json.text(tree, "metadata", "name");
  }

  public String namespace() {
    return Json.text(tree, "metadata", "namespace");
  }

  public String uid() {
    return Json.text(tree, "metadata", "uid");
  }

  public String created() {
    return Json.text(tree, "metadata", "creationTimestamp");
  }

  public boolean beingDeleted() {
    return Json.text(tree, "metadata", "deletionTimestamp") != null;
  }

  /** The manifest part of it. */
  public JsonNode spec() {
    return Json.at(tree, "spec");
  }

  /** The short part of it; a missing node in a plain cluster. */
  public JsonNode platform() {
    return Json.at(tree, "spec", "platform");
  }

  /** What the operator said; a missing node before it did. */
  public JsonNode status() {
    return Json.at(tree, "status");
  }

  /** Whether head and groups stand in the plain part of the spec. */
  public boolean complete() {
    return spec().has("headGroupSpec");
  }

  public boolean autoscaled() {
    return Json.at(spec(), "enableInTreeAutoscaling").asBoolean();
  }

  public boolean suspended() {
    return Json.at(spec(), "suspend").asBoolean() || Json.at(spec(), "idleSuspend").asBoolean();
  }

  /** The head. */
  public Shape head() {
    return complete()
        ? Shape.ofTemplate(Json.at(spec(), "headGroupSpec", "template"))
        : Shape.ofPlatform(Json.at(platform(), "head"), Json.text(platform(), "image"));
  }

  /** The worker groups, in the order of the spec. */
  public List<Group> groups() {
    JsonNode groups =
        complete() ? Json.at(spec(), "workerGroupSpecs") : Json.at(platform(), "groups");
    List<Group> read = new ArrayList<>();
    for (JsonNode group : groups) {
      read.add(Group.of(group, read.size(), shape(group)));
    }
    return read;
  }

  private Shape shape(JsonNode group) {
    if (!complete()) {
      return Shape.ofPlatform(group, Json.text(platform(), "image"));
    }
    Shape shape = Shape.ofTemplate(Json.at(group, "template"));
    for (JsonNode entry : Json.at(status(), "platform", "groups")) {
      String type = Json.text(entry, "accelerator");
      if (type != null
          && Objects.equals(Json.text(entry, "groupName"), Json.text(group, "groupName"))) {
        return new Shape(shape.cpus(), shape.memory(), shape.gpus(), type, shape.image());
      }
    }
    return shape;
  }

  /** Wanted worker pods. */
  public long workers() {
    return suspended() ? 0 : groups().stream().mapToLong(Group::pods).sum();
  }

  /** Worker pods that are ready. */
  public int readyWorkers() {
    return Json.at(status(), "readyWorkerReplicas").asInt();
  }

  /** Whether a condition holds for the present spec. */
  public boolean is(String condition) {
    return "True".equals(Json.text(condition(condition), "status"));
  }

  /** A condition; a missing node while there is none. */
  public JsonNode condition(String type) {
    for (JsonNode condition : Json.at(status(), "conditions")) {
      if (type.equals(Json.text(condition, "type"))) {
        return condition;
      }
    }
    return Json.at(tree, "no such");
  }

  /** Whether the operator has seen the spec as it is now. */
  public boolean observed() {
    JsonNode observed = Json.at(status(), "observedGeneration");
    return observed.isNumber()
        && observed.asLong() >= Json.at(tree, "metadata", "generation").asLong();
  }

  /** One word that says how it is. */
  public String state() {
    if (beingDeleted()) {
      return "Terminating";
    }
    if (is("Stalled")) {
      return "Stalled";
    }
    if (suspended()) {
      return is("RayClusterSuspended") ? "Suspended" : "Suspending";
    }
    if (is("Ready") && observed()) {
      return "Ready";
    }
    // KubeRay has no condition Ready.
    return condition("Ready").isMissingNode() && "ready".equals(Json.text(status(), "state"))
        ? "Ready"
        : "Starting";
  }

  /** Where Ray listens: the head pod, or null while there is none. */
  public String headIp() {
    return Json.text(status(), "head", "podIP");
  }

  /** Name of the head pod. */
  public String headPod() {
    String known = Json.text(status(), "head", "podName");
    return known != null ? known : name() + "-head";
  }

  /** The Ray version: the one that the server told, the one of the spec, else null. */
  public String rayVersion() {
    String told = Json.text(status(), "platform", "rayVersion");
    return told != null ? told : Json.text(spec(), "rayVersion");
  }

  /** The Python version that the server told; else null. */
  public String pythonVersion() {
    return Json.text(status(), "platform", "pythonVersion");
  }

  /** Name of the pods' service account. */
  public String serviceAccount() {
    String told = Json.text(status(), "platform", "serviceAccountName");
    if (told != null) {
      return told;
    }
    String own = Json.text(spec(), "headGroupSpec", "template", "spec", "serviceAccountName");
    String asked = own != null ? own : Json.text(platform(), "serviceAccountName");
    if (asked != null) {
      return asked;
    }
    return autoscaled() ? name() : "default";
  }

  /** Whether callers of Ray must show a token. */
  public boolean authenticated() {
    return "token".equals(Json.text(spec(), "authOptions", "mode"));
  }
}
