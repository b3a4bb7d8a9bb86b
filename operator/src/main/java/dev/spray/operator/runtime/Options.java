package dev.spray.operator.runtime;

import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.scheduling.BatchScheduler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
 * @param signingPort TCP port on which certificates are signed; 0: any free one
 * @param signingUrl how pods reach that port, with or without its number
 * @param shutdownGrace how long passes under way may go on after a stop was asked for
 * @param pods how pods are made
 * @param children how the objects beside the pods are made
 * @param platformConfiguration file with the platform configuration; empty: the one for GKE that
 *     comes with sp-ray
 * @param decoratesPlain whether it also holds for clusters without {@code spec.platform}, where
 *     their templates are silent
 * @param randomPodDelete whether a group shrinks without the word of Ray's autoscaler, if it has
 *     one
 * @param scheduler who schedules the pods of all clusters
 */
public record Options(
    Set<String> watchNamespaces,
    boolean leaderElection,
    String leaseNamespace,
    String leaseName,
    String identity,
    int metricsPort,
    int healthPort,
    int signingPort,
    URI signingUrl,
    Duration shutdownGrace,
    PodSettings pods,
    ChildSettings children,
    Optional<Path> platformConfiguration,
    boolean decoratesPlain,
    boolean randomPodDelete,
    BatchScheduler scheduler) {

  public Options {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }
}
