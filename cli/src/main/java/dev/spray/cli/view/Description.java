package dev.spray.cli.view;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Shape;
import dev.spray.cli.term.Terminal;
import java.util.List;

/**
 * What a cluster is, in a fixed layout: labels and values; head; groups, without their name while
 * there is only one. Programs read it; what was added since stands in {@link Details}, below it.
 */
public final class Description {
  private final Rows rows;
  private final String version;

  /**
   * One for a terminal.
   *
   * @param version of this program
   */
  public Description(Terminal terminal, String version) {
    this.rows = new Rows(terminal);
    this.version = version;
  }

  /** Prints it. */
  public void print(Cluster cluster) {
    rows.row("", "sp-ray version", version);
    rows.row("", "server ray version", cluster.rayVersion());
    rows.row("", "server python version", cluster.pythonVersion());
    rows.row("", "service account", cluster.serviceAccount());
    rows.row("", "head IP", cluster.headIp());
    rows.row("", "server", server(cluster));
    rows.row("", "notebook server", workspace(cluster, "notebook"));
    rows.row("", "OpenVSCode server", workspace(cluster, "vscode"));
    rows.row("", "workers", Long.toString(cluster.workers()));
    rows.heading("head group");
    rows.row("  ", "replicas", cluster.suspended() ? "0" : "1");
    shape("  ", cluster.head());
    List<Group> groups = cluster.groups();
    if (groups.isEmpty()) {
      return;
    }
    rows.heading("worker groups");
    for (Group group : groups) {
      if (groups.size() > 1) {
        rows.line("  " + group.name());
      }
      rows.row("    ", "replicas", Integer.toString(cluster.suspended() ? 0 : group.replicas()));
      shape("    ", group.shape());
    }
  }

  private void shape(String indent, Shape shape) {
    rows.row(indent, "CPUs", shape.cpus());
    rows.row(indent, "GPUs", shape.gpus());
    if (!shape.gpus().equals("0")) {
      rows.row(indent, "GPU type", shape.gpuType());
    }
    rows.row(indent, "memory", shape.memory());
  }

  private static String server(Cluster cluster) {
    if (cluster.headIp() == null) {
      return null;
    }
    String port = Json.text(cluster.status(), "endpoints", "client");
    return "ray://" + cluster.headIp() + ":" + (port == null ? "10001" : port);
  }

  /** Where a part of the workspace is: what the operator says of it, or nothing without one. */
  private static String workspace(Cluster cluster, String part) {
    return Json.text(cluster.status(), "platform", part);
  }
}
