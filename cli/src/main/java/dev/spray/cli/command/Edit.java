package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.kube.Manifests;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes a cluster in an editor. */
@Command(
    name = "edit",
    description = "Change a cluster in an editor.",
    subcommands = Edit.OfCluster.class)
final class Edit {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description = "Change a cluster in $SP_RAY_EDITOR, $VISUAL or $EDITOR.")
  static final class OfCluster extends Action {
    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Override
    int run() throws IOException, InterruptedException {
      ObjectNode before = cluster(name).tree();
      before.remove("status");
      Path path = Files.createTempFile("sp-ray-", ".yaml");
      Files.writeString(path, Documents.text(OutputFormat.yaml, before) + "\n");
      edit(path);
      ObjectNode after = Manifests.readOne(path.toString(), terminal().in());
      if (after.equals(before)) {
        Files.delete(path);
        say("Nothing was changed");
        return 0;
      }
      Json.object(after, "metadata")
          .put("name", Json.text(before, "metadata", "name"))
          .put("namespace", Json.text(before, "metadata", "namespace"));
      try {
        Cluster changed = clusters().replace(after, false);
        Files.delete(path);
        say("Edited cluster " + changed.name() + " in namespace " + changed.namespace());
        return 0;
      } catch (KubernetesClientException e) {
        terminal().err().println("what you wrote is kept in " + path);
        throw e;
      }
    }

    private void edit(Path path) throws InterruptedException {
      Map<String, String> environment = globals().environment();
      String editor =
          environment.getOrDefault(
              "SP_RAY_EDITOR",
              environment.getOrDefault("VISUAL", environment.getOrDefault("EDITOR", "vi")));
      try {
        int code =
            new ProcessBuilder("/bin/sh", "-c", editor + " \"$1\"", "sh", path.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
          throw new Failure(
              ErrorCode.INTERRUPTED, "the editor ended with " + code + "; nothing was changed");
        }
      } catch (IOException e) {
        throw new Failure(ErrorCode.INVALID_CONFIG, "the editor " + editor + " can't be run")
            .because(e.getMessage())
            .suggesting("set EDITOR");
      }
    }
  }
}
