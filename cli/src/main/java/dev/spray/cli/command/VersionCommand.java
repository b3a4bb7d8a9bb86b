package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells versions. */
@Command(name = "version", description = "Tell the versions of sp-ray and of Kubernetes.")
final class VersionCommand extends Action {
  @Option(names = "--client", description = "Only sp-ray's own; asks nobody.")
  private boolean client;

  @Override
  int run() {
    ObjectNode versions = Json.object();
    versions.put("sp-ray", Versions.OWN);
    if (!client) {
      versions.put("kubernetes", session().client().getKubernetesVersion().getGitVersion());
    }
    if (format().structured()) {
      Documents.print(terminal(), format(), versions);
    } else {
      versions
          .properties()
          .forEach(entry ->
              say(
                  entry.getKey()
                      + " ".repeat(Math.max(1, 24 - entry.getKey().length()))
                      + entry.getValue().asText()));
    }
    return 0;
  }
}
