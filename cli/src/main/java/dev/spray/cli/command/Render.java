package dev.spray.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.ConfigurationFile;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.Resolution;
import dev.spray.api.platform.Resolve;
import dev.spray.api.platform.UserFields;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.ClusterWriter;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Manifests;
import dev.spray.cli.term.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a short manifest stands for. */
@Command(
    name = "render",
    description = {
      "Print the whole manifest that a short one stands for: to learn from, or to keep in Git.",
      "It is a plain RayCluster; it changes nothing and asks nobody."
    })
final class Render extends Action {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Name of the cluster (default: the file's).")
  private String name;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A RayCluster in YAML; - is standard input. Flags are laid over it.")
  private String file;

  @Option(
      names = "--platform",
      paramLabel = "gke|small|FILE",
      defaultValue = ConfigurationFile.GKE,
      description =
          "The platform's configuration: one that comes with sp-ray, or a file (default: ${DEFAULT-VALUE}).")
  private String configuration;

  @Mixin private ClusterFlags flags;

  @Override
  int run() throws IOException {
    ObjectNode manifest;
    if (file == null) {
      manifest =
          ClusterWriter.fresh(
              namespace(), name == null ? "my-cluster" : bare(name), flags.request(null));
    } else {
      manifest = Manifests.readOne(file, terminal().in());
      if (name != null) {
        Json.object(manifest, "metadata").put("name", bare(name));
      }
      ClusterWriter.lay(manifest, flags.request(null));
    }
    Documents.print(terminal(), format().ofDocuments(), whole(manifest));
    return 0;
  }

  private ObjectNode whole(ObjectNode manifest) throws IOException {
    ObjectNode spec = Json.object(manifest, "spec");
    JsonNode platform = spec.remove("platform");
    if (platform == null) {
      return manifest;
    }
    if (spec.has("headGroupSpec")) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG, "the manifest has a headGroupSpec: it is whole already")
          .suggesting("take spec.platform or the spec's own groups away");
    }
    RayClusterSpec said = Json.read(spec, RayClusterSpec.class);
    Resolution resolution =
        Resolve.of(
            Json.at(manifest, "metadata", "name").asText("my-cluster"),
            Json.read(platform, PlatformSpec.class),
            UserFields.of(said, null),
            configuration());
    return switch (resolution) {
      case Resolution.Refused(var problems) ->
          throw new Failure(ErrorCode.INVALID_CONFIG, "nothing can be made of spec.platform")
              .because(String.join("\n", problems));
      case Resolution.Resolved resolved -> {
        set(spec, "rayVersion", resolved.rayVersion());
        set(spec, "enableInTreeAutoscaling", resolved.enableInTreeAutoscaling());
        set(spec, "autoscalerOptions", resolved.autoscalerOptions());
        set(spec, "authOptions", resolved.authOptions());
        set(spec, "headGroupSpec", resolved.head());
        set(spec, "workerGroupSpecs", resolved.groups().isEmpty() ? null : resolved.groups());
        yield manifest;
      }
    };
  }

  private static void set(ObjectNode spec, String field, Object value) {
    if (value != null) {
      spec.set(field, Json.any(value));
    }
  }

  private PlatformConfiguration configuration() throws IOException {
    if (configuration.equals(ConfigurationFile.GKE)
        || configuration.equals(ConfigurationFile.SMALL)) {
      return ConfigurationFile.shipped(configuration);
    }
    if (!Files.isReadable(Path.of(configuration))) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "there is no file " + configuration);
    }
    return ConfigurationFile.parse(Files.readString(Path.of(configuration)));
  }
}
