package dev.spray.operator.pods;

import java.util.Optional;

/**
 * Which one of a group's workers a pod is.
 *
 * @param podName from {@link PodNames#worker}
 * @param replicaIndex of the pod, or of the replica that the pod is a host of, within the group
 * @param host in groups whose replicas have several hosts; else empty
 */
public record WorkerIdentity(String podName, int replicaIndex, Optional<Host> host) {}
