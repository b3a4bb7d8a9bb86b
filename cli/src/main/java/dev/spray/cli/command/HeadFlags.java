package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import picocli.CommandLine.Option;

/** What a head is to be. */
final class HeadFlags {
  @Option(names = "--cpus-in-head", paramLabel = "N", description = "CPUs of the head.")
  private String cpus;

  @Option(names = "--memory-in-head", paramLabel = "SIZE", description = "Memory of the head.")
  private String memory;

  @Option(names = "--gpus-in-head", paramLabel = "N", description = "GPUs of the head; 0 for none.")
  private Integer gpus;

  @Option(names = "--head-gpu-type", paramLabel = "TYPE", description = "Their type (default: t4).")
  private String gpuType;

  Request.Size request() {
    return new Request.Size(cpus, memory, gpus, gpuType, null);
  }
}
