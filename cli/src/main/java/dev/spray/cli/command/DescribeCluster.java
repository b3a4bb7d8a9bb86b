package dev.spray.cli.command;

import dev.spray.api.RayLabels;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.RayPod;
import dev.spray.cli.term.Documents;
import dev.spray.cli.view.Description;
import dev.spray.cli.view.Details;
import dev.spray.cli.view.Problem;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells all about a cluster. */
@Command(
    name = "cluster",
    aliases = {"clusters", "raycluster", "rayclusters", "rc"},
    description = "Tell all about a Ray cluster.")
final class DescribeCluster extends Action {
  private static final int FORBIDDEN = 403;
  private static final int LATEST = 8;

  @Parameters(paramLabel = "NAME", description = "The cluster.")
  private String name;

  @Override
  int run() {
    Cluster cluster = cluster(name);
    if (format().structured()) {
      Documents.print(terminal(), format(), cluster.tree());
      return 0;
    }
    List<RayPod> pods = pods(cluster);
    new Description(terminal(), Versions.OWN).print(cluster);
    new Details(terminal(), cluster, Instant.now()).print(pods, problems(cluster, pods));
    return 0;
  }

  private List<RayPod> pods(Cluster cluster) {
    try {
      return RayPod.all(
          session()
              .client()
              .pods()
              .inNamespace(cluster.namespace())
              .withLabel(RayLabels.CLUSTER, cluster.name())
              .list()
              .getItems());
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return List.of();
      }
      throw e;
    }
  }

  /** The warnings of the cluster and its pods, each once, the latest last. */
  private List<Problem> problems(Cluster cluster, List<RayPod> pods) {
    Set<String> names = pods.stream().map(RayPod::name).collect(Collectors.toSet());
    names.add(cluster.name());
    try {
      List<Problem> problems =
          session()
              .client()
              .v1()
              .events()
              .inNamespace(cluster.namespace())
              .withField("type", "Warning")
              .list()
              .getItems()
              .stream()
              .filter(event -> event.getInvolvedObject() != null)
              .filter(event -> names.contains(event.getInvolvedObject().getName()))
              .filter(event -> !before(event, cluster))
              .sorted(Comparator.comparing(DescribeCluster::time))
              .map(DescribeCluster::problem)
              .distinct()
              .toList();
      return problems.subList(Math.max(0, problems.size() - LATEST), problems.size());
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return List.of();
      }
      throw e;
    }
  }

  /** Whether it is of an earlier cluster of that name. */
  private static boolean before(Event event, Cluster cluster) {
    // Times of one format are in order as texts.
    return event.getMetadata().getCreationTimestamp().compareTo(cluster.created()) < 0;
  }

  private static String time(Event event) {
    return event.getLastTimestamp() == null
        ? event.getMetadata().getCreationTimestamp()
        : event.getLastTimestamp();
  }

  private static Problem problem(Event event) {
    return new Problem(
        event.getInvolvedObject().getName(), event.getReason() + ": " + event.getMessage());
  }
}
