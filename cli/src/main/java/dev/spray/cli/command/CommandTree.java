package dev.spray.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands. Reading all of their annotations takes longer than most of them run, so only the
 * verbs that a command line names are made whole; of the others there is what the help says.
 */
public final class CommandTree {

  /** All of them, whole. */
  public static CommandLine whole(Globals globals) {
    return of(globals, Root.VERBS);
  }

  /** Those that are needed to carry out a command line. */
  public static CommandLine forWords(Globals globals, String... words) {
    List<String> said = Arrays.asList(words);
    if (said.contains("__complete")) {
      return whole(globals);
    }
    return of(
        globals, Root.VERBS.stream().filter(verb -> names(verb).anyMatch(said::contains)).toList());
  }

  private static CommandLine of(Globals globals, List<Class<?>> whole) {
    CommandLine root = new CommandLine(new Root(globals));
    for (Class<?> verb : Root.VERBS) {
      Command told = verb.getAnnotation(Command.class);
      root.addSubcommand(
          told.name(),
          whole.contains(verb) ? new CommandLine(verb) : new CommandLine(outline(told)));
    }
    return root;
  }

  private static CommandSpec outline(Command told) {
    CommandSpec outline = CommandSpec.create().name(told.name()).aliases(told.aliases());
    outline.usageMessage().description(told.description()).hidden(told.hidden());
    return outline;
  }

  private static Stream<String> names(Class<?> verb) {
    Command told = verb.getAnnotation(Command.class);
    return Stream.concat(Stream.of(told.name()), Arrays.stream(told.aliases()));
  }

  private CommandTree() {}
}
