package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Extension;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.term.Documents;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a cluster longer. */
@Command(
    name = "extend",
    description = "Keep a cluster longer.",
    subcommands = Extend.OfCluster.class)
final class Extend {

  @Command(
      name = "cluster",
      aliases = {"clusters", "raycluster", "rc"},
      description =
          "Keep a cluster that goes by itself for longer, whatever its time to live and its idle timeout say.")
  static final class OfCluster extends Action {
    @Parameters(paramLabel = "NAME", description = "The cluster.")
    private String name;

    @Option(
        names = "--by",
        paramLabel = "DURATION",
        required = true,
        description =
            "How much longer, for example 4h: from the time on that is known, or from now.")
    private String by;

    @Override
    int run() {
      Cluster cluster = cluster(name);
      if (Json.at(cluster.platform(), "lifecycle").isEmpty()) {
        throw new Failure(
                ErrorCode.INVALID_CONFIG, "cluster " + cluster.name() + " doesn't go by itself")
            .because("it has neither a time to live nor an idle timeout")
            .suggesting("nothing needs to be done");
      }
      String until =
          known(cluster).plus(WaitOptions.duration(by)).truncatedTo(ChronoUnit.SECONDS).toString();
      ObjectNode patch = Json.object();
      Json.object(patch, "metadata", "annotations").put(Extension.ANNOTATION, until);
      Cluster extended = clusters().patch(cluster, PatchType.JSON_MERGE, patch.toString(), false);
      if (format().structured()) {
        Documents.print(terminal(), format(), extended.tree());
      }
      say(
          "Cluster "
              + extended.name()
              + " in namespace "
              + extended.namespace()
              + " stays until "
              + until
              + " at least");
      return 0;
    }

    /** The latest time that is known of: the one of a warning, of an extension, or now. */
    private static Instant known(Cluster cluster) {
      return Stream.of(
              Json.text(cluster.status(), "platform", "expiresAt"),
              Json.text(cluster.tree(), "metadata", "annotations", Extension.ANNOTATION))
          .map(OfCluster::time)
          .filter(Objects::nonNull)
          .filter(Instant.now()::isBefore)
          .max(Comparator.naturalOrder())
          .orElseGet(Instant::now);
    }

    private static Instant time(String text) {
      try {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeParseException e) {
        return null;
      }
    }
  }
}
