package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a cluster to what its platform has become. */
@Command(
    name = "upgrade",
    description = "Take a cluster to what its platform has become.",
    subcommands = Upgrade.OfCluster.class)
final class Upgrade {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description = {
        "Complete a short manifest anew, by the platform's configuration and the operator as they are now.",
        "Running pods stay as they are unless its upgradeStrategy says otherwise."
      })
  static final class OfCluster extends Action {
    private static final int TRIES = 5;
    private static final int UNPROCESSABLE = 422;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Mixin private WaitOptions waitOptions;

    @Override
    int run() {
      Cluster asked = ask();
      Cluster upgraded =
          waitOptions
              .waiting(this, asked)
              .until(
                  asked,
                  "completing the cluster",
                  now -> now.observed() && (noted(now) || now.is(ConditionTypes.STALLED)));
      if (!noted(upgraded)) {
        throw new Failure(
                ErrorCode.INVALID_CONFIG, "cluster " + upgraded.name() + " can't be completed anew")
            .because(Json.text(upgraded.condition(ConditionTypes.STALLED), "message"))
            .suggesting("sp-ray edit cluster " + upgraded.name() + " -n " + upgraded.namespace());
      }
      if (format().structured()) {
        Documents.print(terminal(), format(), upgraded.tree());
      }
      say("Upgraded cluster " + upgraded.name() + " in namespace " + upgraded.namespace());
      return 0;
    }

    /** The operator may complete it for another reason meanwhile, and note that. */
    private Cluster ask() {
      Cluster cluster = cluster(name);
      for (int tries = 1; ; tries++) {
        try {
          return clusters().patch(cluster, PatchType.JSON, patch(cluster), false);
        } catch (KubernetesClientException e) {
          Cluster now = cluster(name);
          if (e.getCode() != UNPROCESSABLE || tries == TRIES || text(cluster).equals(text(now))) {
            throw e;
          }
          cluster = now;
        }
      }
    }

    private static String patch(Cluster cluster) {
      ResolvedNote note = note(cluster).orElseThrow(() -> writtenOut(cluster));
      String path = "/metadata/annotations/" + ResolvedNote.ANNOTATION.replace("/", "~1");
      ArrayNode patch = Json.array();
      patch.addObject().put("op", "test").put("path", path).put("value", text(cluster));
      patch.addObject().put("op", "replace").put("path", path).put("value", note.again().text());
      return patch.toString();
    }

    private static Optional<ResolvedNote> note(Cluster cluster) {
      return ResolvedNote.read(text(cluster));
    }

    private static String text(Cluster cluster) {
      return Json.text(cluster.tree(), "metadata", "annotations", ResolvedNote.ANNOTATION);
    }

    private static boolean noted(Cluster cluster) {
      return note(cluster).filter(ResolvedNote::settles).isPresent();
    }

    private static Failure writtenOut(Cluster cluster) {
      return new Failure(
              ErrorCode.INVALID_CONFIG, "cluster " + cluster.name() + " is written out as a whole")
          .because("no platform has completed a spec.platform of it, so none has a say in its pods")
          .suggesting(
              "sp-ray update cluster "
                  + cluster.name()
                  + " -n "
                  + cluster.namespace()
                  + " --image IMAGE");
    }
  }
}
