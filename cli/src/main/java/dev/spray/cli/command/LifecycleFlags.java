package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import picocli.CommandLine.Option;

/** When a cluster is to go by itself. */
final class LifecycleFlags {
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

  Request.Lifecycle request() {
    return new Request.Lifecycle(idleTimeout, ttl, onExpiry);
  }
}
