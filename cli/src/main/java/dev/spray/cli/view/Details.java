package dev.spray.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.RayPod;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Table;
import dev.spray.cli.term.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How a cluster is now, and what one can do with it: what stands below its {@link Description}. */
public final class Details {
  private final Rows rows;
  private final Cluster cluster;
  private final Instant now;

  public Details(Terminal terminal, Cluster cluster, Instant now) {
    this.rows = new Rows(terminal);
    this.cluster = cluster;
    this.now = now;
  }

  /** Prints them. */
  public void print(List<RayPod> pods, List<Problem> problems) {
    rows.line("");
    rows.row("", "status", state());
    rows.known("", "update pending", told(ConditionTypes.UPDATE_PENDING));
    rows.known("", "autoscaling", cluster.autoscaled() ? bounds() : null);
    lifecycle();
    rows.row("", "created", Ages.ago(cluster.created(), now));
    rows.known("", "image pull", imagePulls());
    workspace();
    if (!pods.isEmpty()) {
      rows.heading("nodes");
      rows.table(nodes(pods));
    }
    if (!problems.isEmpty()) {
      rows.heading("recent problems");
      problems.forEach(problem -> rows.line("  " + problem.subject() + ": " + problem.text()));
    }
    rows.heading("next steps");
    next().forEach(step -> rows.line("  sp-ray " + step));
  }

  private String state() {
    String state = cluster.state();
    String message =
        Json.text(
            cluster.condition(
                state.equals("Stalled") ? ConditionTypes.STALLED : ConditionTypes.READY),
            "message");
    return state.equals("Ready") || message == null ? state : state + ": " + message;
  }

  /** The message of a condition that is only there while it is true; null: it isn't. */
  private String told(String condition) {
    return cluster.is(condition) ? Json.text(cluster.condition(condition), "message") : null;
  }

  private String bounds() {
    return String.join(
        ", ",
        cluster.groups().stream()
            .map(group ->
                group.name()
                    + " "
                    + group.replicas()
                    + (group.bounds().isEmpty() ? "" : " in " + group.bounds()))
            .toList());
  }

  private void lifecycle() {
    JsonNode lifecycle = Json.at(cluster.platform(), "lifecycle");
    String action = Json.text(lifecycle, "onExpiry");
    String then = action == null ? "" : ", then " + action;
    String idle = Json.text(lifecycle, "idleTimeout");
    rows.known("", "idle timeout", idle == null ? null : idle + then);
    rows.known("", "idle", idleness());
    String ttl = Json.text(lifecycle, "ttl");
    rows.known("", "time to live", ttl == null ? null : ttl + then);
    String warning = told(ConditionTypes.EXPIRING);
    if (warning != null) {
      rows.row("", "expires", remaining() + warning);
    }
  }

  private String idleness() {
    JsonNode idle = cluster.condition(ConditionTypes.IDLE);
    if (idle.isMissingNode()) {
      return null;
    }
    String message = Objects.requireNonNullElse(Json.text(idle, "message"), "");
    if (!cluster.is(ConditionTypes.IDLE)) {
      return "no: " + message;
    }
    Instant since = time(Json.text(idle, "lastTransitionTime"));
    return since == null
        ? message
        : "for " + Ages.words(Duration.between(since, now)) + ": " + message;
  }

  /** Until the time that the operator names; empty when it names none. */
  private String remaining() {
    Instant at = time(Json.text(cluster.status(), "platform", "expiresAt"));
    return at == null ? "" : "in " + Ages.words(Duration.between(now, at)) + ": ";
  }

  private static Instant time(String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** How long the head and the first worker of each group waited for their images. */
  private String imagePulls() {
    JsonNode platform = Json.at(cluster.status(), "platform");
    List<String> pulls = new ArrayList<>();
    pull(pulls, "head", Json.at(platform, "head"));
    for (JsonNode group : Json.at(platform, "groups")) {
      pull(pulls, Json.text(group, "groupName"), group);
    }
    return String.join(", ", pulls);
  }

  private static void pull(List<String> pulls, String name, JsonNode pod) {
    Integer seconds = Json.number(pod, "imagePullSeconds");
    if (seconds != null) {
      pulls.add(name + " " + Ages.words(Duration.ofSeconds(seconds)));
    }
  }

  private void workspace() {
    List<String> types =
        List.of(
            ConditionTypes.NOTEBOOK_READY,
            ConditionTypes.IDE_READY,
            ConditionTypes.TUTORIALS_READY);
    if (types.stream().allMatch(type -> cluster.condition(type).isMissingNode())) {
      return;
    }
    rows.heading("workspace");
    rows.known("  ", "notebook", part(ConditionTypes.NOTEBOOK_READY));
    rows.known("  ", "VS Code", part(ConditionTypes.IDE_READY));
    rows.known("  ", "tutorials", part(ConditionTypes.TUTORIALS_READY));
    rows.known("  ", "volume", Json.text(cluster.platform(), "workspace", "home", "size"));
  }

  /** How a part of the workspace is; null when it wasn't asked for. */
  private String part(String type) {
    JsonNode condition = cluster.condition(type);
    if (condition.isMissingNode()) {
      return null;
    }
    if (cluster.is(type)) {
      return "Ready";
    }
    String message = Json.text(condition, "message");
    return message == null ? Json.text(condition, "reason") : "Not ready: " + message;
  }

  private static Table nodes(List<RayPod> pods) {
    Table table = new Table("NAME", "GROUP", "STATUS", "GPUS", "NODE", "REASON");
    for (RayPod pod : pods) {
      String status = pod.status().equals("Running") && !pod.ready() ? "Starting" : pod.status();
      table.row(
          pod.name(),
          pod.head() ? "head" : pod.group(),
          status,
          pod.gpus(),
          pod.node(),
          pod.detail());
    }
    return table;
  }

  private List<String> next() {
    String name = cluster.name() + " -n " + cluster.namespace();
    if (cluster.suspended()) {
      return List.of("resume cluster " + name);
    }
    if (cluster.state().equals("Stalled")) {
      return List.of("edit cluster " + name);
    }
    List<String> steps = new ArrayList<>();
    if (cluster.is(ConditionTypes.EXPIRING)) {
      steps.add("extend cluster " + name + " --by 1d");
    }
    if (cluster.is(ConditionTypes.NOTEBOOK_READY)) {
      steps.add("notebook " + name);
    }
    if (cluster.is(ConditionTypes.IDE_READY)) {
      steps.add("code " + name);
    }
    steps.add("dashboard " + name);
    steps.add("job submit --cluster " + name + " --working-dir . -- python script.py");
    steps.add("exec " + name + " -- ray status");
    return steps;
  }
}
