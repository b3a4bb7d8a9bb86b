package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Who may make a pass over a cluster: this instance only while it leads, nobody here where somebody
 * else manages the cluster, and one pass at a time: a cluster that is marked for deletion under a
 * pass is not taken apart while that one still carries it out.
 */
public final class Turns {
  private final BooleanSupplier mayWrite;

  /** UIDs of clusters over which there is a pass. */
  private final Set<String> underway = ConcurrentHashMap.newKeySet();

  /**
   * @param mayWrite whether this instance leads
   */
  public Turns(BooleanSupplier mayWrite) {
    this.mayWrite = mayWrite;
  }

  /**
   * Makes a pass, if it is its turn; otherwise there will be another occasion: all clusters are
   * looked at again when the lease is gained, and deleted ones every now and then.
   *
   * @return what the pass returns; empty: there was none
   */
  <T> Optional<T> take(RayCluster cluster, Supplier<T> pass) {
    String uid = cluster.getMetadata().getUid();
    if (!mayWrite.getAsBoolean() || isSomebodyElses(cluster) || !underway.add(uid)) {
      return Optional.empty();
    }
    try {
      return Optional.of(pass.get());
    } finally {
      underway.remove(uid);
    }
  }

  /** Nothing is written about it, not even its status. */
  private static boolean isSomebodyElses(RayCluster cluster) {
    return cluster.getSpec() != null && cluster.getSpec().managedElsewhere();
  }
}
