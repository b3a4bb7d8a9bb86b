package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.CertificateAuthority;
import java.util.Optional;

/**
 * Decides about the certificate authority of an encrypted cluster; pure. Pods trust the one that
 * was there when they started and can't learn of another one: it is made with the first pod, and
 * never as long as there are any.
 */
final class AuthorityDecision {

  /** What is to be done before pods are created; empty where they need no certificates. */
  static Optional<Action> decide(RayCluster cluster, ObservedCluster observed) {
    if (!cluster.getSpec().encrypted()) {
      return Optional.empty();
    }
    if (CertificateAuthority.isGiven(cluster)) {
      return Optional.of(
          require(
              cluster,
              "make it, with tls.crt and tls.key of a certificate authority, or remove the annotation"));
    }
    if (observed.pods().stream().anyMatch(ObservedPod::isLive)) {
      return Optional.of(
          require(
              cluster,
              "pods that trust another authority, or talk without encryption, could not talk to new"
                  + " ones: put it back, or suspend the cluster and resume it, for all pods to start"
                  + " anew with a new one"));
    }
    return Optional.of(
        new Action.MakeAuthority(
            CertificateAuthority.secret(cluster),
            Reasons.authority("the cluster needs a certificate authority")));
  }

  private static Action require(RayCluster cluster, String remedy) {
    return new Action.RequireAuthority(
        cluster.getMetadata().getNamespace(),
        CertificateAuthority.secretName(cluster),
        remedy,
        Reasons.authority("new pods need certificates of it"));
  }

  private AuthorityDecision() {}
}
