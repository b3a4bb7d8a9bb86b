package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.PodExec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command on a node. */
@Command(
    name = "exec",
    description =
        "Run a command on a node of a cluster; without one, a shell. Ends as the command ends.")
final class Exec extends Action {
  @Parameters(index = "0", paramLabel = "CLUSTER", description = "The cluster.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command, after --.")
  private List<String> command = List.of();

  @Mixin private NodeOption node;

  @Option(
      names = {"-i", "--stdin"},
      description = "Hand standard input on.")
  private boolean stdin;

  @Option(
      names = {"-t", "--tty"},
      description = "Give it a terminal; a shell on a terminal has both.")
  private boolean tty;

  @Override
  int run() {
    Cluster cluster = cluster(name);
    boolean shell = command.isEmpty();
    boolean terminal = tty || (shell && terminal().asks() && terminal().outIsTerminal());
    List<String> words =
        shell ? List.of("/bin/sh", "-c", "exec bash -l 2>/dev/null || exec sh") : command;
    PodExec exec =
        PodExec.inRayContainer(session().client(), cluster.namespace(), node.pod(this, cluster));
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    OutputStream err = new FileOutputStream(FileDescriptor.err);
    try (RawTerminal raw = terminal ? RawTerminal.open() : null) {
      return exec.run(
          stdin || shell || terminal ? terminal().in() : null,
          out,
          err,
          terminal,
          watch -> {
            if (raw != null) {
              RawTerminal.resize(watch);
            }
          },
          words.toArray(String[]::new));
    }
  }
}
