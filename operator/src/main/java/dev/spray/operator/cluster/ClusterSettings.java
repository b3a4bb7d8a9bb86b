package dev.spray.operator.cluster;

import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;

/**
 * What the operator's options say about every RayCluster.
 *
 * @param pods how its pods are made
 * @param children how everything beside them is made
 */
public record ClusterSettings(PodSettings pods, ChildSettings children) {}
