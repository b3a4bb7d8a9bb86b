package dev.spray.operator.cluster;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.SecretKind;
import dev.spray.operator.resources.AuthToken;
import dev.spray.operator.resources.CertificateAuthority;
import dev.spray.operator.resources.WorkspaceToken;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides about the Secrets without which a cluster's pods could not start; pure. The operator
 * doesn't watch Secrets: they are made, or looked for, only when pods are about to be created.
 *
 * <p>One that the user names is only looked for. One of our own is made with the first pods, and
 * never as long as there are pods that know the former one: they can't learn of another.
 */
final class SecretsDecision {

  /** What is to be done before pods are created. */
  static List<Action> decide(RayCluster cluster, ObservedCluster observed) {
    return Stream.of(
            token(cluster, observed), authority(cluster, observed), workspace(cluster, observed))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Action> token(RayCluster cluster, ObservedCluster observed) {
    if (!AuthToken.isInSecret(cluster)) {
      return Optional.empty();
    }
    if (AuthToken.isGiven(cluster)) {
      return Optional.of(
          requireToken(
              cluster,
              "make it, with the token under that key, or remove spec.authOptions.secretName"
                  + " to have one made"));
    }
    if (observed.liveHead().isPresent()) {
      // What the head asks for is settled; another token would only shut new workers out.
      return Optional.of(
          requireToken(
              cluster,
              "put it back with the token that the head has; or suspend the cluster and resume it,"
                  + " for all pods to start anew with a new one"));
    }
    return Optional.of(
        new Action.MakeSecret(
            AuthToken.secret(cluster),
            SecretKind.TOKEN,
            Reasons.makeToken("the cluster asks callers for a token")));
  }

  private static Optional<Action> authority(RayCluster cluster, ObservedCluster observed) {
    if (!cluster.getSpec().encrypted()) {
      return Optional.empty();
    }
    if (CertificateAuthority.isGiven(cluster)) {
      return Optional.of(
          requireAuthority(
              cluster,
              "make it, with tls.crt and tls.key of a certificate authority, or remove the annotation"));
    }
    if (observed.pods().stream().anyMatch(ObservedPod::isLive)) {
      return Optional.of(
          requireAuthority(
              cluster,
              "pods that trust another authority, or talk without encryption, could not talk to new"
                  + " ones: put it back, or suspend the cluster and resume it, for all pods to start"
                  + " anew with a new one"));
    }
    return Optional.of(
        new Action.MakeSecret(
            CertificateAuthority.secret(cluster),
            SecretKind.AUTHORITY,
            Reasons.authority("the cluster needs a certificate authority")));
  }

  /**
   * Made before the head that reads it; one of the cluster's that is there is kept, so that an
   * address that somebody noted goes on working when the head is made anew.
   */
  private static Optional<Action> workspace(RayCluster cluster, ObservedCluster observed) {
    return Workspace.of(cluster.getSpec().platform())
        .filter(_ -> observed.heads().isEmpty())
        .map(_ ->
            new Action.MakeSecret(
                WorkspaceToken.secret(cluster),
                SecretKind.WORKSPACE_TOKEN,
                Reasons.makeWorkspaceToken("the cluster's workspace asks for a token")));
  }

  private static Action requireToken(RayCluster cluster, String remedy) {
    return new Action.RequireSecret(
        cluster.getMetadata().getNamespace(),
        AuthToken.place(cluster).secret(),
        SecretKind.TOKEN,
        AuthToken.isGiven(cluster),
        remedy,
        Reasons.findToken("new pods read their token there"));
  }

  private static Action requireAuthority(RayCluster cluster, String remedy) {
    return new Action.RequireSecret(
        cluster.getMetadata().getNamespace(),
        CertificateAuthority.secretName(cluster),
        SecretKind.AUTHORITY,
        CertificateAuthority.isGiven(cluster),
        remedy,
        Reasons.authority("new pods need certificates of it"));
  }

  private SecretsDecision() {}
}
