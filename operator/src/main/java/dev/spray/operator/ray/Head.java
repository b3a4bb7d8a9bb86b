package dev.spray.operator.ray;

import dev.spray.operator.plan.SecretKey;
import java.util.Optional;

/**
 * The head of a cluster, as one that can be asked.
 *
 * @param clusterUid whose head it is
 * @param address its IP address
 * @param port of its dashboard
 * @param token where the one is that it asks for; empty if for none, or for one of Kubernetes': the
 *     operator's own would be worth more to the head's users than what it tells
 */
public record Head(String clusterUid, String address, int port, Optional<SecretKey> token) {}
