package dev.spray.cli.command;

import picocli.CommandLine.Parameters;

/** Which job is meant. */
final class JobId {
  @Parameters(paramLabel = "ID", description = "The job.")
  private String id;

  /** Without the {@code job/} that may stand before it. */
  String bare() {
    return Action.bare(id);
  }
}
