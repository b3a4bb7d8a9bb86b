package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;

/**
 * What holds at the moment of a pass.
 *
 * @param ofAll what the operator's options say about every cluster
 * @param platform the platform configuration
 */
public record SettingsInForce(ClusterSettings ofAll, PlatformInForce platform) {

  /** For one cluster. */
  ClusterSettings of(RayCluster cluster) {
    return ofAll.with(Completion.decoration(cluster, platform));
  }
}
