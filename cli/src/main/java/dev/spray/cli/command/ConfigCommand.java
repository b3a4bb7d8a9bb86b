package dev.spray.cli.command;

import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Settings;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a person sets once. */
@Command(
    name = "config",
    description = "See and change what holds where no option is given.",
    subcommands = {ConfigCommand.View.class, ConfigCommand.Set.class, ConfigCommand.Unset.class})
final class ConfigCommand {

  @Command(name = "view", description = "Show what holds, and the file.")
  static final class View extends Action {
    @Override
    int run() {
      Settings settings = session().settings();
      if (format().structured()) {
        Documents.print(terminal(), format(), Json.tree(settings.values()));
        return 0;
      }
      Table table = new Table("SETTING", "VALUE", "MEANING");
      Settings.KEYS.forEach((key, meaning) -> table.row(key, settings.get(key), meaning));
      table.print(terminal().endless());
      say("");
      say("file                    " + settings.file());
      say("namespace in use        " + namespace());
      say("context in use          " + (session().context() == null ? "" : session().context()));
      return 0;
    }
  }

  @Command(name = "set", description = "Set a value.")
  static final class Set extends Action {
    @Parameters(index = "0", paramLabel = "SETTING", description = "namespace or context.")
    private String key;

    @Parameters(index = "1", paramLabel = "VALUE", description = "What it is to be.")
    private String value;

    @Override
    int run() {
      Settings _ = session().settings().with(key, value);
      say("Set " + key + " to " + value);
      return 0;
    }
  }

  @Command(name = "unset", description = "Take a value away.")
  static final class Unset extends Action {
    @Parameters(paramLabel = "SETTING", description = "namespace or context.")
    private String key;

    @Override
    int run() {
      Settings _ = session().settings().with(key, null);
      say("Unset " + key);
      return 0;
    }
  }
}
