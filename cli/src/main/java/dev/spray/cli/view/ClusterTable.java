package dev.spray.cli.view;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A line for each cluster. */
public final class ClusterTable {

  /**
   * Lays it out.
   *
   * @param wide all that is known
   * @param everywhere whether the namespaces differ
   */
  public static Table of(List<Cluster> clusters, boolean wide, boolean everywhere, Instant now) {
    List<String> headings = new ArrayList<>();
    if (everywhere) {
      headings.add("NAMESPACE");
    }
    headings.addAll(List.of("NAME", "CREATED", "WORKERS"));
    if (wide) {
      headings.addAll(
          List.of("STATUS", "READY", "CPUS", "GPUS", "GPU-TYPE", "MEMORY", "RAY", "HEAD-IP"));
    }
    Table table = new Table(headings);
    for (Cluster cluster : clusters) {
      table.row(row(cluster, wide, everywhere, now));
    }
    return table;
  }

  private static List<String> row(Cluster cluster, boolean wide, boolean everywhere, Instant now) {
    List<String> row = new ArrayList<>();
    if (everywhere) {
      row.add(cluster.namespace());
    }
    row.add(cluster.name());
    row.add(Ages.ago(cluster.created(), now));
    row.add(Long.toString(cluster.workers()));
    if (wide) {
      row.add(cluster.state());
      row.add(cluster.readyWorkers() + "/" + cluster.workers());
      row.add(Json.text(cluster.status(), "desiredCPU"));
      row.add(Json.text(cluster.status(), "desiredGPU"));
      row.add(String.join(",", types(cluster)));
      row.add(Json.text(cluster.status(), "desiredMemory"));
      row.add(cluster.rayVersion());
      row.add(cluster.headIp());
    }
    return row;
  }

  private static Set<String> types(Cluster cluster) {
    Set<String> types = new LinkedHashSet<>();
    cluster.groups().stream()
        .map(Group::shape)
        .map(shape -> shape.gpuType())
        .filter(Objects::nonNull)
        .forEach(types::add);
    return types;
  }

  private ClusterTable() {}
}
