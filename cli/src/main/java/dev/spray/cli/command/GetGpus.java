package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.InstalledPlatform;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.Table;
import dev.spray.cli.view.GpuCatalogue;
import dev.spray.cli.view.GpuNodes;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the GPUs that can be asked for, and those of the nodes there are. */
@Command(
    name = "gpus",
    aliases = "gpu",
    description = {
      "List the GPUs and TPUs that the platform has, and those of the nodes that exist now.",
      "Pools that are empty until somebody asks for them have no nodes."
    })
final class GetGpus extends Action {
  private static final int FORBIDDEN = 403;

  @Mixin private OperatorNamespace operator;

  @Override
  int run() {
    InstalledPlatform platform = InstalledPlatform.read(session().client(), operator.name());
    Optional<GpuCatalogue> catalogue =
        platform instanceof InstalledPlatform.Known(PlatformConfiguration known)
            ? Optional.of(GpuCatalogue.of(known))
            : Optional.empty();
    Optional<GpuNodes> nodes = nodes(catalogue.orElse(GpuCatalogue.NONE));
    if (platform instanceof InstalledPlatform.Unknown(String why)) {
      if (nodes.isEmpty()) {
        throw new Failure(ErrorCode.FORBIDDEN, "neither the platform nor its nodes can be shown")
            .because(why + "; nor may you list nodes")
            .suggesting("ask the platform team which GPUs there are");
      }
      terminal().err().println("What can be asked for isn't shown: " + why + ".");
    } else if (nodes.isEmpty()) {
      terminal().err().println("The nodes aren't shown: you may not list them.");
    }
    if (format().structured()) {
      ObjectNode document =
          Json.object().put("apiVersion", Documents.API_VERSION).put("kind", "Gpus");
      catalogue.ifPresent(known -> document.set("catalogue", Json.tree(known)));
      nodes.ifPresent(known -> document.set("nodes", Json.any(known.kinds())));
      Documents.print(terminal(), format(), document);
      return 0;
    }
    catalogue.ifPresent(known -> {
      print("can be asked for", known.table());
      say("  capacity: " + String.join(", ", known.capacity()));
      say("");
    });
    nodes.ifPresent(known -> print("on the nodes that there are now", known.table()));
    return 0;
  }

  private void print(String heading, Table table) {
    say(heading);
    if (table.isEmpty()) {
      say("  none");
    } else {
      table.print(terminal(), "  ", true);
    }
  }

  /** Empty where who asks may not see nodes. */
  private Optional<GpuNodes> nodes(GpuCatalogue catalogue) {
    try {
      return Optional.of(
          GpuNodes.of(session().client().nodes().list().getItems(), catalogue::shortName));
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
