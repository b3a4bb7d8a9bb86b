package dev.spray.cli.command;

import picocli.CommandLine.Option;

/** What becomes of a change. */
final class DryRun {
  @Option(
      names = "--dry-run",
      paramLabel = "none|client|server",
      defaultValue = "none",
      description =
          "Change nothing: print what would be sent (client), or ask the API server too (server).")
  private Mode mode;

  private enum Mode {
    none,
    client,
    server
  }

  /** Whether the change is made. */
  boolean none() {
    return mode == Mode.none;
  }

  /** Whether nobody is asked. */
  boolean client() {
    return mode == Mode.client;
  }

  /** Whether the API server says whether it would take it. */
  boolean server() {
    return mode == Mode.server;
  }
}
