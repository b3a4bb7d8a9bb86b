package dev.spray.cli.command;

/** The version of this program. */
final class Versions {
  static final String OWN = "0.1.0";

  private Versions() {}
}
