package dev.spray.cli.command;

/** What becomes of a change. */
enum DryRun {
  /** It is made. */
  none,
  /** Nobody is asked. */
  client,
  /** The API server says whether it would take it. */
  server;

  static final String DESCRIPTION =
      "Change nothing: print what would be sent (client), or ask the API server too (server).";
}
