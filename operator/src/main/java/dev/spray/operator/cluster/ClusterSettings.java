package dev.spray.operator.cluster;

import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;

/**
 * What the operator's options say about every RayCluster.
 *
 * @param pods how its pods are made
 * @param children how everything beside them is made
 * @param randomPodDelete whether a group also shrinks without the word of Ray's autoscaler, if it
 *     has one; KubeRay's {@code ENABLE_RANDOM_POD_DELETE}
 */
public record ClusterSettings(PodSettings pods, ChildSettings children, boolean randomPodDelete) {}
