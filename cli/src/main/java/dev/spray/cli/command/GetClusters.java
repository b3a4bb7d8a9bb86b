package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Clusters;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.view.ClusterTable;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists clusters. */
@Command(
    name = "clusters",
    aliases = {"cluster", "rayclusters", "raycluster", "rc"},
    description = "List Ray clusters.")
final class GetClusters extends Action {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these.")
  private List<String> names = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Those of all namespaces.")
  private boolean everywhere;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "SELECTOR",
      description = "Only those with these labels, for example team=search.")
  private String selector;

  @Option(names = "--no-headers", description = "Leave the headings out.")
  private boolean headless;

  @Option(
      names = {"-w", "--watch"},
      description = "Go on and show changes, until Ctrl-C.")
  private boolean watch;

  @Override
  int run() {
    if (!names.isEmpty() && (everywhere || selector != null)) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              "clusters that are named can't be chosen by -A or -l as well")
          .suggesting(everywhere ? "name one namespace with -n" : "leave out the names, or -l");
    }
    List<Cluster> found = read();
    if (format() == OutputFormat.name) {
      found.forEach(cluster -> say("raycluster.ray.io/" + cluster.name()));
    } else if (format().structured()) {
      Documents.print(
          terminal(),
          format(),
          names.size() == 1
              ? found.getFirst().tree()
              : Documents.list(found.stream().map(Cluster::tree).toList()));
    } else if (watch) {
      new Live(terminal(), this::table)
          .run(clusters().some(everywhere ? null : namespace(), selector));
    } else if (found.isEmpty()) {
      terminal()
          .err()
          .println(
              "No Ray clusters found" + (everywhere ? "." : " in namespace " + namespace() + "."));
    } else {
      table(found)
          .print(format() == OutputFormat.wide ? terminal().endless() : terminal(), "", !headless);
    }
    return 0;
  }

  private List<Cluster> read() {
    Clusters clusters = clusters();
    return names.isEmpty()
        ? clusters.list(everywhere ? null : namespace(), selector)
        : names.stream().map(this::cluster).toList();
  }

  private dev.spray.cli.term.Table table(List<Cluster> clusters) {
    List<Cluster> wanted =
        names.isEmpty()
            ? clusters
            : clusters.stream().filter(cluster -> names.contains(cluster.name())).toList();
    return ClusterTable.of(wanted, format() == OutputFormat.wide, everywhere, Instant.now());
  }
}
