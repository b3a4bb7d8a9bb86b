package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.PodExec;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a node prints. */
@Command(
    name = "logs",
    aliases = "log",
    description = {
      "Print what a node of a cluster prints.",
      "What jobs print is told by sp-ray job logs."
    })
final class Logs extends Action {
  private static final int BUFFER = 8192;

  @Parameters(paramLabel = "CLUSTER", description = "The cluster.")
  private String name;

  @Mixin private NodeOption node;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--tail", paramLabel = "N", description = "Only the last N lines.")
  private Integer tail;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "Only what is younger, for example 10m.")
  private String since;

  @Option(names = "--previous", description = "Those of the container before its last restart.")
  private boolean previous;

  @Option(names = "--container", paramLabel = "NAME", description = "Another container than Ray's.")
  private String container;

  @Override
  int run() throws IOException {
    Cluster cluster = cluster(name);
    String pod = node.pod(this, cluster);
    PodExec ray = PodExec.inRayContainer(session().client(), cluster.namespace(), pod);
    var logs =
        session()
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withName(pod)
            .inContainer(container == null ? ray.container() : container);
    var old = previous ? logs.terminated() : logs;
    var young =
        since == null ? old : old.sinceSeconds((int) WaitOptions.duration(since).toSeconds());
    var some = tail == null ? young : young.tailingLines(tail);
    if (follow) {
      // A refusal of the request that is followed would be taken for what the node prints.
      var _ = young.tailingLines(0).getLog();
      // The first request has waited for the pod already.
      try (var watch = some.withReadyWaitTimeout(0).watchLog()) {
        copy(watch.getOutput());
      }
      return 0;
    }
    try (Reader reader = some.getLogReader()) {
      copy(reader);
    }
    return 0;
  }

  private void copy(InputStream in) throws IOException {
    if (in == null) {
      throw new Failure(ErrorCode.UNREACHABLE, "there are no logs");
    }
    copy(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private void copy(Reader reader) throws IOException {
    char[] buffer = new char[BUFFER];
    for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
      terminal().out().write(buffer, 0, read);
      terminal().out().flush();
    }
  }
}
