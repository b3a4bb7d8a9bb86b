package dev.spray.cli.command;

import picocli.CommandLine.Option;

/** Where the operator is. */
final class OperatorNamespace {
  @Option(
      names = "--operator-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "ray-system",
      description = "Where the operator is (default: ${DEFAULT-VALUE}).")
  private String namespace;

  String name() {
    return namespace;
  }
}
