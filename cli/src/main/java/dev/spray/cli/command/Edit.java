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
      Cluster seen = cluster(name);
      ObjectNode before = seen.tree().deepCopy();
      before.remove("status");
      // What is kept of an edit that failed may be applied to a later version.
      Json.object(before, "metadata").remove("resourceVersion");
      Path path = Files.createTempFile("sp-ray-", ".yaml");
      String text = Documents.text(OutputFormat.yaml, before) + "\n";
      Files.writeString(path, text);
      edit(path);
      if (Files.readString(path).equals(text)) {
        Files.delete(path);
        say("Nothing was changed");
        return 0;
      }
      ObjectNode after = Manifests.readOne(path.toString(), terminal().in());
      Json.object(after, "metadata").put("name", seen.name()).put("namespace", seen.namespace());
      try {
        Cluster changed = clusters().replace(seen, after, false);
        Files.delete(path);
        say("Edited cluster " + changed.name() + " in namespace " + changed.namespace());
        return 0;
      } catch (KubernetesClientException | Failure e) {
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
