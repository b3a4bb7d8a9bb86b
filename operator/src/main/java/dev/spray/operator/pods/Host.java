package dev.spray.operator.pods;

/**
 * One of the pods that are a replica together.
 *
 * @param replicaName the same for all of them, unique in the namespace
 * @param hostIndex from 0 to {@code numOfHosts} - 1
 */
public record Host(String replicaName, int hostIndex) {}
