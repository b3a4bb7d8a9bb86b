package dev.spray.operator.resources;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/**
 * What the operator's options say about the objects beside the pods.
 *
 * @param headClusterIp whether a head service of type ClusterIP gets an address of its own; else it
 *     is headless, and its name leads to the head pod itself
 * @param redisCleanup whether the state that a cluster has in Redis is removed with the cluster
 * @param network who takes part in the traffic of every cluster
 */
public record ChildSettings(boolean headClusterIp, boolean redisCleanup, NetworkSettings network) {

  /** Where nothing is known of the network. */
  public ChildSettings(boolean headClusterIp, boolean redisCleanup) {
    this(headClusterIp, redisCleanup, NetworkSettings.DEFAULT);
  }

  /**
   * The same for a cluster that has a head service already: what an option says of addresses is for
   * those that are made from then on. To get or to lose an address a service is made anew, and
   * running workers would lose their head, because the operator was started with another option, or
   * because KubeRay had another one.
   */
  public ChildSettings keeping(Service headService) {
    String address = headService.getSpec().getClusterIP();
    boolean decided =
        "ClusterIP".equals(headService.getSpec().getType())
            && address != null
            && !address.isEmpty();
    return decided ? new ChildSettings(!address.equals("None"), redisCleanup, network) : this;
  }

  /** The same, with another network. */
  public ChildSettings with(NetworkSettings other) {
    return new ChildSettings(headClusterIp, redisCleanup, other);
  }

  /** The same, with the API server elsewhere. */
  public ChildSettings withApiServer(List<NetworkSettings.Endpoint> endpoints) {
    return with(network.withApiServer(endpoints));
  }

  /** KubeRay's defaults. */
  public static final ChildSettings DEFAULT = new ChildSettings(false, true);
}
