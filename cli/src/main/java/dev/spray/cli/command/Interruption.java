package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.term.Terminal;

/** Says what exists when somebody presses Ctrl-C while it is open. */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Terminal terminal, String... lines) {
    this.hook =
        new Thread(() -> {
          terminal.err().println();
          for (String line : lines) {
            terminal.err().println(line);
          }
          terminal.err().flush();
        });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** A cluster that has been created and goes on starting. */
  static Interruption leaves(Terminal terminal, Cluster cluster) {
    String name = cluster.name() + " -n " + cluster.namespace();
    return new Interruption(
        terminal,
        "interrupted: cluster "
            + cluster.name()
            + " exists in namespace "
            + cluster.namespace()
            + " and goes on starting",
        "try:   sp-ray describe cluster " + name + ", or sp-ray delete cluster " + name);
  }

  /** Something else. */
  static Interruption says(Terminal terminal, String... lines) {
    return new Interruption(terminal, lines);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook runs.
    }
  }
}
