package dev.spray.operator.runtime;

import dev.spray.operator.resources.ChildSettings;
import java.time.Duration;
import java.util.Set;

/**
 * How the operator runs.
 *
 * @param watchNamespaces namespaces whose RayClusters it takes care of; empty: all
 * @param leaderElection whether a lease must be held to write
 * @param leaseNamespace where the lease lies
 * @param leaseName name of the lease
 * @param identity this instance's name among its replicas
 * @param metricsPort TCP port of {@code /metrics}; 0: any free one
 * @param healthPort TCP port of {@code /livez} and {@code /readyz}; 0: any free one
 * @param shutdownGrace how long passes under way may go on after a stop was asked for
 * @param children how the objects beside the pods are made
 */
public record Options(
    Set<String> watchNamespaces,
    boolean leaderElection,
    String leaseNamespace,
    String leaseName,
    String identity,
    int metricsPort,
    int healthPort,
    Duration shutdownGrace,
    ChildSettings children) {

  public Options {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }
}
