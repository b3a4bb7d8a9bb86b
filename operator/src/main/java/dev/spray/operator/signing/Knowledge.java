package dev.spray.operator.signing;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Optional;

/** What must be known to sign; all but the clusters is asked of the API server just then. */
public interface Knowledge {

  /** A cluster that this operator takes care of, out of its cache. */
  Optional<RayCluster> cluster(String namespace, String name);

  /**
   * The pod that a token was given to, if it is valid, was made for {@code audience} and is bound
   * to a pod that still exists.
   */
  Optional<TokenOwner> owner(String token, String audience);

  /** A pod as it is now. */
  Optional<Pod> pod(String namespace, String name);

  /** A service as it is now. */
  Optional<Service> service(String namespace, String name);

  /** A Secret as it is now. */
  Optional<Secret> secret(String namespace, String name);

  /** Which pod a token was given to. */
  record TokenOwner(String namespace, String pod, String uid) {}
}
