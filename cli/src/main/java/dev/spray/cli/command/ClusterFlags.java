package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What one can say of a cluster in words of a command line. */
final class ClusterFlags {
  @Option(
      names = "--with-tutorials",
      negatable = true,
      description = "Notebooks to learn from, in a notebook server.")
  private Boolean tutorials;

  @Option(names = "--vscode-server", negatable = true, description = "VS Code in the browser.")
  private Boolean vscode;

  @Option(names = "--notebook", negatable = true, description = "A notebook server.")
  private Boolean notebook;

  @Option(names = "--ssh", negatable = true, description = "A way in by ssh.")
  private Boolean ssh;

  @Option(
      names = "--workspace-size",
      paramLabel = "SIZE",
      description = "A volume for the files of the workspace, for example 50Gi.")
  private String workspaceSize;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers (default of a new cluster: 1).")
  private Integer workers;

  @Option(
      names = "--min-workers",
      paramLabel = "N",
      description = "Fewest that Ray's autoscaler leaves.")
  private Integer min;

  @Option(
      names = "--max-workers",
      paramLabel = "N",
      description = "Most that Ray's autoscaler makes.")
  private Integer max;

  @Option(
      names = "--worker-group",
      paramLabel = "NAME",
      description =
          "The worker group that the flags speak of (default: the only one, worker in a new cluster).")
  private String group;

  @Option(names = "--cpus-per-worker", paramLabel = "N", description = "CPUs of a worker.")
  private String workerCpus;

  @Option(
      names = "--memory-per-worker",
      paramLabel = "SIZE",
      description = "Memory of a worker, for example 48Gi.")
  private String workerMemory;

  @Option(
      names = "--gpus-per-worker",
      paramLabel = "N",
      description = "GPUs of a worker; 0 for none.")
  private Integer workerGpus;

  @Option(
      names = "--worker-gpu-type",
      paramLabel = "TYPE",
      description = "Their type (default: t4); sp-ray get gpus lists what there is.")
  private String workerGpuType;

  @Option(
      names = "--topology",
      paramLabel = "TOPOLOGY",
      description = "How the chips of a TPU slice are connected, for example 4x4.")
  private String topology;

  @Option(
      names = "--capacity",
      paramLabel = "KIND",
      description = "OnDemand, Spot, FlexStart or Reservation.")
  private String capacity;

  @Option(names = "--spot", description = "The same as --capacity Spot.")
  private boolean spot;

  @Option(names = "--cpus-in-head", paramLabel = "N", description = "CPUs of the head.")
  private String headCpus;

  @Option(names = "--memory-in-head", paramLabel = "SIZE", description = "Memory of the head.")
  private String headMemory;

  @Option(names = "--gpus-in-head", paramLabel = "N", description = "GPUs of the head; 0 for none.")
  private Integer headGpus;

  @Option(names = "--head-gpu-type", paramLabel = "TYPE", description = "Their type (default: t4).")
  private String headGpuType;

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

  @Option(
      names = "--idle-timeout",
      paramLabel = "DURATION",
      description = "How long nobody may use the cluster, for example 8h.")
  private String idleTimeout;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "How long it may be there at all, for example 14d.")
  private String ttl;

  @Option(names = "--on-expiry", paramLabel = "Suspend|Delete", description = "What happens then.")
  private String onExpiry;

  @Option(
      names = "--node-isolation",
      paramLabel = "MODE",
      description = "OneRayPodPerNode or None.")
  private String nodeIsolation;

  @Option(
      names = "--image-streaming",
      paramLabel = "MODE",
      description = "Required, Preferred or Off.")
  private String imageStreaming;

  @Option(names = "--compute-class", paramLabel = "NAME", description = "GKE's class of nodes.")
  private String computeClass;

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
        new Request.Size(headCpus, headMemory, headGpus, headGpuType, null),
        group,
        workers,
        min,
        max,
        new Request.Size(workerCpus, workerMemory, workerGpus, workerGpuType, topology),
        spot ? "Spot" : capacity,
        notebook,
        vscode,
        tutorials,
        ssh,
        workspaceSize,
        idleTimeout,
        ttl,
        onExpiry,
        nodeIsolation,
        imageStreaming,
        computeClass,
        suspend,
        labels,
        annotations);
  }
}
