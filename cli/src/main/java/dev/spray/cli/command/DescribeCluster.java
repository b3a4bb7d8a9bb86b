package dev.spray.cli.command;

import dev.spray.api.RayLabels;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.RayPod;
import dev.spray.cli.term.Documents;
import dev.spray.cli.view.Description;
import dev.spray.cli.view.Problem;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Description description = new Description(terminal(), Versions.OWN, Instant.now());
    description.summary(cluster);
    description.more(cluster, pods, problems(cluster, pods));
    return 0;
  }

  private List<RayPod> pods(Cluster cluster) {
    try {
      return session()
          .client()
          .pods()
          .inNamespace(cluster.namespace())
          .withLabel(RayLabels.CLUSTER, cluster.name())
          .list()
          .getItems()
          .stream()
          .map(RayPod::of)
          .sorted((a, b) -> a.head() == b.head() ? a.name().compareTo(b.name()) : a.head() ? -1 : 1)
          .toList();
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
      Map<String, Problem> problems = new LinkedHashMap<>();
      for (Event event :
          session()
              .client()
              .v1()
              .events()
              .inNamespace(cluster.namespace())
              .withField("type", "Warning")
              .list()
              .getItems()) {
        if (event.getInvolvedObject() != null
            && names.contains(event.getInvolvedObject().getName())) {
          Problem problem =
              new Problem(
                  event.getInvolvedObject().getName(),
                  event.getReason() + ": " + event.getMessage());
          problems.put(problem.toString(), problem);
        }
      }
      return problems.values().stream().skip(Math.max(0, problems.size() - LATEST)).toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return List.of();
      }
      throw e;
    }
  }
}
