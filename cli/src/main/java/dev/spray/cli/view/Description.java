package dev.spray.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.RayPod;
import dev.spray.cli.kube.Shape;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Table;
import dev.spray.cli.term.Terminal;
import java.time.Instant;
import java.util.List;

/**
 * All about one cluster. The first part has a fixed layout: a label, 24 columns wide, and a value;
 * head; groups, without their name while there is only one. Programs read it. What was added since
 * stands below it.
 */
public final class Description {
  private static final int LABEL = 24;

  private final Terminal terminal;
  private final String version;
  private final Instant now;

  /**
   * One for a terminal.
   *
   * @param version of this program
   */
  public Description(Terminal terminal, String version, Instant now) {
    this.terminal = terminal;
    this.version = version;
    this.now = now;
  }

  /** The first part. */
  public void summary(Cluster cluster) {
    row("", "sp-ray version", version);
    row("", "server ray version", cluster.rayVersion());
    row("", "server python version", cluster.pythonVersion());
    row("", "service account", cluster.serviceAccount());
    row("", "head IP", cluster.headIp());
    row("", "server", url(cluster, "client", "ray", 10001));
    row("", "notebook server", workspace(cluster, "notebook"));
    row("", "OpenVSCode server", workspace(cluster, "vscode"));
    row("", "workers", Long.toString(cluster.workers()));
    line("");
    line("head group");
    row("  ", "replicas", cluster.suspended() ? "0" : "1");
    shape("  ", cluster.head());
    List<Group> groups = cluster.groups();
    if (groups.isEmpty()) {
      return;
    }
    line("");
    line("worker groups");
    for (Group group : groups) {
      if (groups.size() > 1) {
        line("  " + group.name());
      }
      row("    ", "replicas", Integer.toString(cluster.suspended() ? 0 : group.replicas()));
      shape("    ", group.shape());
    }
  }

  /** What was added since. */
  public void more(Cluster cluster, List<RayPod> pods, List<Problem> problems) {
    line("");
    row("", "status", state(cluster));
    if (cluster.autoscaled()) {
      row("", "autoscaling", bounds(cluster));
    }
    lifecycle(cluster);
    row("", "created", Ages.ago(cluster.created(), now));
    if (!pods.isEmpty()) {
      line("");
      line("nodes");
      nodes(pods, cluster).print(terminal, "  ", true);
    }
    if (!problems.isEmpty()) {
      line("");
      line("recent problems");
      problems.forEach(problem -> line("  " + problem.subject() + ": " + problem.text()));
    }
    line("");
    line("next steps");
    next(cluster).forEach(step -> line("  " + step));
  }

  private void shape(String indent, Shape shape) {
    row(indent, "CPUs", shape.cpus());
    row(indent, "GPUs", shape.gpus());
    if (!shape.gpus().equals("0")) {
      row(indent, "GPU type", shape.gpuType());
    }
    row(indent, "memory", shape.memory());
  }

  private void row(String indent, String label, String value) {
    int room = Math.max(1, LABEL - indent.length() - label.length());
    line(indent + label + (value == null || value.isEmpty() ? "" : " ".repeat(room) + value));
  }

  private void line(String text) {
    terminal.out().println(text);
  }

  private static String url(Cluster cluster, String port, String scheme, int usual) {
    if (cluster.headIp() == null) {
      return null;
    }
    String told = Json.text(cluster.status(), "endpoints", port);
    return scheme + "://" + cluster.headIp() + ":" + (told == null ? usual : told);
  }

  /** Where a part of the workspace is: what the operator says of it, or nothing without one. */
  private static String workspace(Cluster cluster, String part) {
    return Json.text(cluster.status(), "platform", part);
  }

  private static String state(Cluster cluster) {
    JsonNode condition = cluster.condition(cluster.state().equals("Stalled") ? "Stalled" : "Ready");
    String message = Json.text(condition, "message");
    String state = cluster.state();
    return state.equals("Ready") || message == null ? state : state + ": " + message;
  }

  private static String bounds(Cluster cluster) {
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

  private void lifecycle(Cluster cluster) {
    JsonNode lifecycle = Json.at(cluster.platform(), "lifecycle");
    String action = Json.text(lifecycle, "onExpiry");
    String then = action == null ? "" : ", then " + action;
    String idle = Json.text(lifecycle, "idleTimeout");
    if (idle != null) {
      row("", "idle timeout", idle + then);
    }
    String ttl = Json.text(lifecycle, "ttl");
    if (ttl != null) {
      row("", "time to live", ttl + then);
    }
  }

  /** A line for each pod. */
  public static Table nodes(List<RayPod> pods, Cluster cluster) {
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

  private static List<String> next(Cluster cluster) {
    String name = cluster.name() + " -n " + cluster.namespace();
    if (cluster.suspended()) {
      return List.of("sp-ray resume cluster " + name);
    }
    if (cluster.state().equals("Stalled")) {
      return List.of("sp-ray edit cluster " + name);
    }
    return List.of(
        "sp-ray dashboard " + name,
        "sp-ray job submit --cluster " + name + " --working-dir . -- python script.py",
        "sp-ray exec " + name + " -- ray status");
  }
}
