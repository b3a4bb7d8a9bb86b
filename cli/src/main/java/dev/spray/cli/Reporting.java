package dev.spray.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.command.Globals;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.failure.Failures;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Style;
import dev.spray.cli.term.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command that fails says so. */
final class Reporting {

  /** Has a command line report so. */
  static CommandLine of(CommandLine commandLine, Globals globals) {
    Terminal terminal = globals.terminal();
    tidy(commandLine.getCommandSpec());
    return commandLine
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            Help.defaultColorScheme(
                terminal.outIsTerminal() && terminal.colours() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setUsageHelpWidth(Math.clamp(terminal.width(), 60, 100))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        // What begins so is the program's that a job or exec runs.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (e, args) -> report(terminal, structured(globals, args), misused(e)))
        .setExecutionExceptionHandler((e, command, parsed) -> {
          if (globals.debugging()) {
            terminal.err().println(trace(e));
          }
          return report(terminal, globals.format().structured(), Failures.of(e));
        });
  }

  /** Options in the order of the source: the important ones first, those of all commands last. */
  private static void tidy(CommandSpec command) {
    command.usageMessage().sortOptions(false).abbreviateSynopsis(true);
    command.subcommands().values().forEach(sub -> tidy(sub.getCommandSpec()));
  }

  private static int report(Terminal terminal, boolean structured, Failure failure) {
    if (structured) {
      terminal.err().println(Documents.text(OutputFormat.json, envelope(failure)));
    } else {
      line(terminal, Style.BAD, "error:", failure.getMessage());
      line(terminal, Style.WAITING, "cause:", failure.reason());
      line(terminal, Style.GOOD, "try:  ", failure.suggestion());
    }
    return failure.code().exitCode();
  }

  private static void line(Terminal terminal, Style style, String label, String text) {
    if (!text.isEmpty()) {
      terminal
          .err()
          .println(terminal.paintError(style, label) + " " + text.replace("\n", "\n       "));
    }
  }

  private static ObjectNode envelope(Failure failure) {
    ObjectNode document = Json.object();
    document.put("apiVersion", Documents.API_VERSION).put("kind", "Error");
    document
        .putObject("error")
        .put("code", failure.code().id())
        .put("message", failure.getMessage())
        .put("cause", failure.reason())
        .put("suggestion", failure.suggestion())
        .put("exitCode", failure.code().exitCode());
    return document;
  }

  private static Failure misused(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> similar =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    List<String> remedies = new ArrayList<>();
    similar.forEach(word -> remedies.add(word.startsWith("-") ? word : command + " " + word));
    if (similar.stream().allMatch(word -> word.startsWith("-"))) {
      remedies.add(command + " --help");
    }
    return new Failure(ErrorCode.INVALID_CONFIG, e.getMessage())
        .suggesting(String.join(", or ", remedies));
  }

  /** Whether JSON was asked for by a command line that could not be read. */
  private static boolean structured(Globals globals, String[] args) {
    List<String> words = Arrays.asList(args);
    for (String format : List.of("json", "yaml")) {
      int at = words.indexOf(format);
      if (words.contains("-o" + format)
          || words.contains("--output=" + format)
          || (at > 0 && List.of("-o", "--output").contains(words.get(at - 1)))) {
        return true;
      }
    }
    return globals.format().structured();
  }

  private static String trace(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private Reporting() {}
}
