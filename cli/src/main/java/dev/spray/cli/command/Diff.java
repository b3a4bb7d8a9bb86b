package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what an apply would change. */
@Command(
    name = "diff",
    description = {
      "Show what sp-ray apply would change.",
      "Exit code 0: nothing; 1: something, which is shown (or an error)."
    })
final class Diff extends Action {
  @Mixin private ManifestFile file;

  @Override
  int run() throws IOException, InterruptedException {
    boolean differs = false;
    for (ObjectNode manifest : file.read(this)) {
      Cluster live =
          clusters()
              .find(
                  Json.text(manifest, "metadata", "namespace"),
                  Json.text(manifest, "metadata", "name"));
      Cluster merged = clusters().apply(manifest, true, true);
      differs |= differs(live, merged);
    }
    return differs ? 1 : 0;
  }

  private boolean differs(Cluster live, Cluster merged) throws IOException, InterruptedException {
    Path before = written("live-", live);
    Path after = written("merged-", merged);
    try {
      Process diff =
          new ProcessBuilder(
                  "diff",
                  "-u",
                  "--label",
                  "live/" + merged.name(),
                  "--label",
                  "applied/" + merged.name(),
                  before.toString(),
                  after.toString())
              .redirectErrorStream(true)
              .start();
      terminal()
          .out()
          .print(new String(diff.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      return diff.waitFor() != 0;
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "the program diff can't be run")
          .because(e.getMessage());
    } finally {
      Files.delete(before);
      Files.delete(after);
    }
  }

  private static Path written(String prefix, Cluster cluster) throws IOException {
    Path path = Files.createTempFile(prefix, ".yaml");
    if (cluster != null) {
      ObjectNode tree = cluster.tree().deepCopy();
      tree.remove("status");
      Json.object(tree, "metadata").remove("generation");
      Json.object(tree, "metadata").remove("resourceVersion");
      Files.writeString(path, Documents.text(OutputFormat.yaml, tree) + "\n");
    }
    return path;
  }
}
