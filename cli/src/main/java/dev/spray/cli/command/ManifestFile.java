package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Manifests;
import java.util.List;
import picocli.CommandLine.Option;

/** A file with clusters in it. */
final class ManifestFile {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "RayClusters in YAML; - is standard input.")
  private String file;

  /** Its clusters, each with a namespace: its own, which a given one must not contradict. */
  List<ObjectNode> read(Action action) {
    List<ObjectNode> manifests = Manifests.read(file, action.terminal().in());
    for (ObjectNode manifest : manifests) {
      ObjectNode metadata = Json.object(manifest, "metadata");
      if (!metadata.has("namespace")) {
        metadata.put("namespace", action.namespace());
      }
      check(metadata, action.globals().givenNamespace());
    }
    return manifests;
  }

  private void check(ObjectNode metadata, String given) {
    String own = Json.text(metadata, "namespace");
    if (given != null && !given.equals(own)) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              "cluster "
                  + Json.text(metadata, "name")
                  + " of "
                  + file
                  + " is in namespace "
                  + own
                  + ", and -n says "
                  + given)
          .suggesting("leave -n out, or take the namespace out of the file");
    }
  }
}
