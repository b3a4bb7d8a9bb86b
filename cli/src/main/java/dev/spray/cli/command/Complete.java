package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** Says how the last word of a command line may go on. */
@Command(name = "__complete", hidden = true, description = "What a shell asks to complete words.")
final class Complete extends Action {
  private static final Set<String> WHERE = Set.of("--namespace", "--context", "--kubeconfig");

  @Parameters(arity = "0..*", paramLabel = "WORD")
  private List<String> words = List.of();

  @Override
  int run() {
    String last = words.isEmpty() ? "" : words.getLast();
    candidates(
            spec().root(), words.isEmpty() ? List.of() : words.subList(0, words.size() - 1), last)
        .stream()
        .filter(word -> word.startsWith(last))
        .forEach(terminal().out()::println);
    return 0;
  }

  private Collection<String> candidates(CommandSpec root, List<String> before, String last) {
    CommandSpec command = root;
    List<String> typed = new ArrayList<>();
    OptionSpec waiting = null;
    for (String word : before) {
      if (waiting != null) {
        // Bash takes --option=value for three words.
        if (!word.equals("=")) {
          take(waiting, word);
          waiting = null;
        }
      } else if (word.startsWith("-")) {
        waiting = option(command, word);
      } else if (command.subcommands().containsKey(word) && typed.isEmpty()) {
        command = command.subcommands().get(word).getCommandSpec();
      } else {
        typed.add(word);
      }
    }
    if (waiting != null) {
      return values(waiting, typed);
    }
    if (last.startsWith("-")) {
      return options(command);
    }
    if (!command.subcommands().isEmpty()) {
      TreeSet<String> names = new TreeSet<>();
      command
          .subcommands()
          .forEach((name, sub) -> {
            if (!sub.getCommandSpec().usageMessage().hidden()
                && name.equals(sub.getCommandName())) {
              names.add(name);
            }
          });
      return names;
    }
    return namesCluster(command) ? clusterNames() : List.of();
  }

  /** The option that a word leaves waiting for its value; null when there is none. */
  private static OptionSpec option(CommandSpec command, String word) {
    int equals = word.indexOf('=');
    OptionSpec option = command.findOption(equals < 0 ? word : word.substring(0, equals));
    if (option == null || option.arity().max() == 0 || option.typeInfo().isBoolean()) {
      return null;
    }
    if (equals < 0) {
      return option;
    }
    take(option, word.substring(equals + 1));
    return null;
  }

  /** What says where the clusters are that may be named: here it is a mere word. */
  private static void take(OptionSpec option, String value) {
    if (WHERE.contains(option.longestName())) {
      option.setValue(value);
    }
  }

  private static Collection<String> options(CommandSpec command) {
    TreeSet<String> names = new TreeSet<>();
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        names.add(option.longestName());
        if (option.negatable()) {
          names.add("--no-" + option.longestName().substring(2));
        }
      }
    }
    return names;
  }

  private Collection<String> values(OptionSpec option, List<String> typed) {
    if (option.completionCandidates() != null) {
      List<String> values = new ArrayList<>();
      option.completionCandidates().forEach(values::add);
      return values;
    }
    return switch (option.longestName()) {
      case "--cluster" -> clusterNames();
      case "--namespace" -> namespaces();
      case "--worker-group" -> groups(typed);
      case "--capacity" -> List.of("OnDemand", "Spot", "FlexStart", "Reservation");
      case "--on-expiry" -> List.of("Suspend", "Delete");
      case "--node-isolation" -> List.of("OneRayPodPerNode", "None");
      case "--image-streaming" -> List.of("Required", "Preferred", "Off");
      default -> List.of();
    };
  }

  private static boolean namesCluster(CommandSpec command) {
    String label =
        command.positionalParameters().isEmpty()
            ? ""
            : command.positionalParameters().getFirst().paramLabel();
    boolean named = label.equals("CLUSTER") || label.equals("NAME");
    return named
        && command.userObject() instanceof Action
        && !(command.userObject() instanceof CreateCluster);
  }

  /** What can't be found out is not completed; nobody wants an error while typing. */
  private List<String> clusterNames() {
    try {
      return clusters().list(namespace(), null).stream().map(Cluster::name).toList();
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  private List<String> namespaces() {
    try {
      return session().client().namespaces().list().getItems().stream()
          .map(namespace -> namespace.getMetadata().getName())
          .toList();
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  private List<String> groups(List<String> typed) {
    try {
      return clusters().list(namespace(), null).stream()
          .filter(cluster -> typed.contains(cluster.name()))
          .flatMap(cluster -> cluster.groups().stream())
          .map(Group::name)
          .toList();
    } catch (RuntimeException e) {
      return List.of();
    }
  }
}
