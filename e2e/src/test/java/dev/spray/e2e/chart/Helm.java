package dev.spray.e2e.chart;

import dev.spray.e2e.testbed.Testbed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** helm, as users have it. */
final class Helm {
  /** The operator's chart. */
  static final Path CHART = Testbed.ROOT.resolve("helm/sp-ray-operator");

  /** {@code helm template} of the chart. */
  static String template(String release, String namespace, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("template", release, CHART.toString(), "--namespace", namespace));
    arguments.addAll(List.of(options));
    return execute(arguments);
  }

  /** Runs a helm command against a testbed, and waits for what it waits for. */
  static String run(Testbed testbed, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--kubeconfig", testbed.kubeconfig().toString()));
    return execute(command);
  }

  private static String execute(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Testbed.tool("helm")));
    command.addAll(arguments);
    return Testbed.execute(command);
  }

  private Helm() {}
}
