package dev.spray.operator.cluster;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.WorkspaceToken;
import java.util.Optional;

/**
 * Decides about the Secret with the token of a workspace; pure. It is made before the head that
 * reads it; one of the cluster's that is there is kept, so that an address that somebody noted goes
 * on working when the head is made anew.
 */
final class WorkspaceTokenDecision {

  /** What is to be done before pods are created; empty where none of them reads it. */
  static Optional<Action> decide(RayCluster cluster, ObservedCluster observed) {
    return Workspace.of(cluster.getSpec().platform())
        .filter(workspace -> observed.heads().isEmpty())
        .map(workspace ->
            new Action.MakeToken(
                WorkspaceToken.secret(cluster),
                Reasons.makeWorkspaceToken("the cluster's workspace asks for a token")));
  }

  private WorkspaceTokenDecision() {}
}
