package dev.spray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.Golden.Where;
import dev.spray.cli.command.Globals;
import dev.spray.cli.failure.ErrorCode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code docs/cli.md} says what the commands say of themselves; {@code -Dgolden.write=true} writes
 * it anew.
 */
class ReferenceTest {
  private static final Path FILE = Path.of("../docs/cli.md");

  private final StringBuilder text = new StringBuilder();

  @Test
  void theReferenceIsNotStale() throws IOException {
    StringWriter nowhere = new StringWriter();
    CommandLine root =
        SpRay.commandLine(new Globals(Golden.terminal(Where.PIPE, nowhere, nowhere), Map.of()));
    introduction(root.getCommandSpec());
    commands(root.getCommandSpec());
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(FILE, text);
    }
    assertThat(text.toString())
        .as("docs/cli.md; -Dgolden.write=true writes it")
        .isEqualTo(Files.readString(FILE));
  }

  @Test
  void everyCommandAndOptionIsExplained() {
    StringWriter nowhere = new StringWriter();
    CommandLine root =
        SpRay.commandLine(new Globals(Golden.terminal(Where.PIPE, nowhere, nowhere), Map.of()));
    assertThat(all(root.getCommandSpec()))
        .allSatisfy(command -> {
          assertThat(command.usageMessage().description()).as(command.qualifiedName()).isNotEmpty();
          assertThat(shown(command))
              .allSatisfy(option ->
                  assertThat(option.description())
                      .as(command.qualifiedName() + " " + option.longestName())
                      .isNotEmpty());
        });
  }

  private void introduction(CommandSpec root) {
    text.append(
        """
        # sp-ray, the command line

        <!-- Made by ReferenceTest out of the commands themselves. -->

        `make cli` builds it, `cli/bin/sp-ray` runs it. `make cli-tarball` packs it with a runtime of its own, `make
        cli-wheel` for `pip install`. Linked as `kubectl-sp_ray` on the path it is a plugin: `kubectl sp-ray get clusters`.

        ```
        sp-ray create cluster my-cluster -n ray-playground --with-tutorials --vscode-server --gpus-per-worker 1
        sp-ray get cluster -n ray-playground
        sp-ray describe cluster -n ray-playground my-cluster
        sp-ray scale cluster -n ray-playground my-cluster --replicas 4
        sp-ray job submit -n ray-playground --cluster my-cluster --working-dir . -- python train.py
        sp-ray delete cluster -n ray-playground my-cluster
        ```

        - Results go to standard output, which stays empty when a command fails; progress, questions and errors go
          to standard error. Where nobody can answer, nothing is asked.
        - `NO_COLOR` takes the colours away; in a pipe there are none. Tables are cut to the terminal's width, in a
          pipe they aren't.
        - `create` waits until the cluster is ready, `delete` until it is gone; `--no-wait` returns at once. A wait
          ends early when it can't succeed: an image that can't be pulled, a quota, a GPU that no node has.
        - With `-o json` errors are JSON too: `{"error": {"code", "message", "cause", "suggestion", "exitCode"}}`.

        ## Exit codes

        """);
    Map<Integer, List<String>> codes = new TreeMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      codes.computeIfAbsent(code.exitCode(), exit -> new ArrayList<>()).add("`" + code.id() + "`");
    }
    text.append("| code | errors |\n| --- | --- |\n| 0 | |\n");
    codes.forEach(
        (code, ids) -> text.append("| %d | %s |\n".formatted(code, String.join(", ", ids))));
    text.append(
        """

        `exec` and `ssh` end with the exit code of what they ran; `diff` with 1 when there is a difference.

        ## Environment

        | variable | meaning |
        | --- | --- |
        | `SP_RAY_NAMESPACE`, `SP_RAY_CONTEXT` | as `-n` and `--context` |
        | `KUBECONFIG` | as kubectl's |
        | `SP_RAY_CONFIG`, `XDG_CONFIG_HOME` | where the settings of `sp-ray config` are |
        | `SP_RAY_EDITOR`, `VISUAL`, `EDITOR` | the editor of `sp-ray edit` |
        | `SP_RAY_DEBUG` | errors show where in the code they come from |
        | `NO_COLOR`, `COLUMNS`, `TERM` | as elsewhere |

        ## Options of all commands

        """);
    options(root);
  }

  private void commands(CommandSpec root) {
    for (CommandSpec command : all(root)) {
      if (!command.subcommands().isEmpty()) {
        continue;
      }
      text.append("\n## ").append(command.qualifiedName()).append("\n\n");
      text.append(String.join(" ", command.usageMessage().description())).append('\n');
      List<String> aliases = new ArrayList<>(List.of(command.aliases()));
      if (!aliases.isEmpty()) {
        text.append("\nAlso: `").append(String.join("`, `", aliases)).append("`.\n");
      }
      text.append("\n```\n").append(command.qualifiedName());
      for (PositionalParamSpec parameter : command.positionalParameters()) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
        text.append(parameter.arity().min() == 0 ? " [" + label + "]" : " " + label);
      }
      text.append(" [OPTIONS]\n```\n");
      if (!command.positionalParameters().isEmpty() || !shown(command).isEmpty()) {
        text.append('\n');
      }
      for (PositionalParamSpec parameter : command.positionalParameters()) {
        line(parameter.paramLabel(), parameter.description(), parameter.defaultValueString());
      }
      options(command);
    }
  }

  private void options(CommandSpec command) {
    for (OptionSpec option : shown(command)) {
      List<String> names = new ArrayList<>(List.of(option.names()));
      if (option.negatable()) {
        names.add("--no-" + option.longestName().substring(2));
      }
      boolean flag = option.arity().max() == 0;
      line(
          String.join(", ", names) + (flag ? "" : " " + option.paramLabel()),
          option.description(),
          option.defaultValueString());
    }
  }

  private void line(String label, String[] description, String defaultValue) {
    String words =
        String.join(" ", description)
            .replace("${DEFAULT-VALUE}", defaultValue)
            .replace("${COMPLETION-CANDIDATES}", "table, wide, json, yaml, name");
    text.append("- `").append(label).append("`: ").append(words).append('\n');
  }

  /** Those of the command itself: what all have stands once. */
  private static List<OptionSpec> shown(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden() && !option.inherited())
        .toList();
  }

  private static List<CommandSpec> all(CommandSpec command) {
    List<CommandSpec> all = new ArrayList<>(List.of(command));
    LinkedHashSet<CommandLine> children = new LinkedHashSet<>(command.subcommands().values());
    for (CommandLine child : children) {
      if (!child.getCommandSpec().usageMessage().hidden()) {
        all.addAll(all(child.getCommandSpec()));
      }
    }
    return all;
  }
}
