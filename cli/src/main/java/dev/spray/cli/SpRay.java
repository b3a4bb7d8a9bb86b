package dev.spray.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sp-ray}, the command line. */
@Command(
    name = "sp-ray",
    mixinStandardHelpOptions = true,
    version = "sp-ray 0.1.0",
    description = "Ray clusters with one command.")
public final class SpRay {

  /** Runs a command and ends with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new SpRay());
  }
}
