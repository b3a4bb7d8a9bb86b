package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What one can say of a cluster in words of a command line. */
final class ClusterFlags {
  @Mixin private WorkspaceFlags workspace;
  @Mixin private WorkerFlags workers;
  @Mixin private HeadFlags head;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "A name that the platform knows, or a reference.")
  private String image;

  @Option(
      names = "--ray-version",
      paramLabel = "VERSION",
      description = "Ray version of the image, in a plain manifest.")
  private String rayVersion;

  @Option(names = "--service-account", paramLabel = "NAME", description = "As whom the pods run.")
  private String serviceAccount;

  @Mixin private LifecycleFlags lifecycle;
  @Mixin private PlacementFlags placement;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label of the cluster; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--annotation",
      paramLabel = "KEY=VALUE",
      description = "An annotation of the cluster; may be repeated.")
  private Map<String, String> annotations = new LinkedHashMap<>();

  /**
   * As data.
   *
   * @param suspend whether the cluster begins without pods; null: not said
   */
  Request request(Boolean suspend) {
    return new Request(
        image,
        rayVersion,
        serviceAccount,
        head.request(),
        workers.request(),
        workspace.request(),
        lifecycle.request(),
        placement.request(),
        suspend,
        labels,
        annotations);
  }
}
