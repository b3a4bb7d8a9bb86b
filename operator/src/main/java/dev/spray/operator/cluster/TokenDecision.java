package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.AuthToken;
import java.util.Optional;

/**
 * Decides about the Secret with a cluster's token; pure. The operator doesn't watch Secrets: it is
 * made, or looked for, only when pods are about to be created that could not start without it.
 */
final class TokenDecision {

  /** What is to be done before pods are created; empty where they need no such Secret. */
  static Optional<Action> decide(RayCluster cluster, ObservedCluster observed) {
    if (!AuthToken.isInSecret(cluster)) {
      return Optional.empty();
    }
    if (AuthToken.isGiven(cluster)) {
      return Optional.of(
          require(
              cluster,
              "make it, with the token under that key, or remove spec.authOptions.secretName"
                  + " to have one made"));
    }
    if (observed.liveHead().isPresent()) {
      // What the head asks for is settled; another token would only shut new workers out.
      return Optional.of(
          require(
              cluster,
              "put it back with the token that the head has; or suspend the cluster and resume it,"
                  + " for all pods to start anew with a new one"));
    }
    return Optional.of(
        new Action.MakeToken(
            AuthToken.secret(cluster), Reasons.makeToken("the cluster asks callers for a token")));
  }

  private static Action require(RayCluster cluster, String remedy) {
    return new Action.RequireToken(
        AuthToken.place(cluster), remedy, Reasons.findToken("new pods read their token there"));
  }

  private TokenDecision() {}
}
