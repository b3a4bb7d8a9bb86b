package dev.spray.cli;

import dev.spray.cli.command.CommandTree;
import dev.spray.cli.command.Globals;
import dev.spray.cli.term.Terminal;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** {@code sp-ray}, the command line. */
public final class SpRay {

  /** Runs a command and ends with its exit code. */
  public static void main(String[] args) throws Exception {
    // Libraries that would like to log have nobody to listen.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    String training = System.getProperty("sp-ray.training");
    if (training != null) {
      System.exit(Training.run(Path.of(training)));
    }
    Map<String, String> environment = System.getenv();
    Terminal terminal =
        Terminal.system(
            System.getProperty("sp-ray.tty", ""),
            environment.getOrDefault("COLUMNS", System.getProperty("sp-ray.columns", "")),
            environment);
    int code = execute(terminal, environment, args);
    terminal.out().flush();
    terminal.err().flush();
    System.exit(code);
  }

  /** Runs a command; returns its exit code. */
  public static int execute(Terminal terminal, Map<String, String> environment, String... args) {
    Globals globals = new Globals(terminal, environment);
    try {
      return Reporting.of(CommandTree.forWords(globals, args), globals).execute(args);
    } finally {
      globals.close();
    }
  }

  /** All commands. */
  public static CommandLine commandLine(Globals globals) {
    return Reporting.of(CommandTree.whole(globals), globals);
  }

  private SpRay() {}
}
