package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import picocli.CommandLine.Option;

/** What the workers of one group are to be. */
final class WorkerFlags {
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
  private String cpus;

  @Option(
      names = "--memory-per-worker",
      paramLabel = "SIZE",
      description = "Memory of a worker, for example 48Gi.")
  private String memory;

  @Option(
      names = "--gpus-per-worker",
      paramLabel = "N",
      description = "GPUs of a worker; 0 for none.")
  private Integer gpus;

  @Option(
      names = "--worker-gpu-type",
      paramLabel = "TYPE",
      description = "Their type (default: t4); sp-ray get gpus lists what there is.")
  private String gpuType;

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

  @Option(
      names = "--reservation",
      paramLabel = "NAME",
      description = "The reservation to use; implies --capacity Reservation.")
  private String reservation;

  Request.Workers request() {
    return new Request.Workers(
        group,
        workers,
        min,
        max,
        new Request.Size(cpus, memory, gpus, gpuType, topology),
        capacity(),
        reservation);
  }

  private String capacity() {
    if (spot) {
      return "Spot";
    }
    return capacity == null && reservation != null ? "Reservation" : capacity;
  }
}
