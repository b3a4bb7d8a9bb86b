package dev.spray.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What became of an object that was to be made under a name that the operator chose. */
sealed interface Claim<T extends HasMetadata> {

  /** It was made now. */
  record Made<T extends HasMetadata>(T object) implements Claim<T> {}

  /**
   * The cluster has it already: the answer to its creation got lost, or it was made before.
   *
   * @param answer of the API server to this attempt
   */
  record Ours<T extends HasMetadata>(T found, KubernetesClientException answer)
      implements Claim<T> {

    /**
     * It, unless it is on its way out.
     *
     * @throws KubernetesClientException when it is: the next pass sees what there is then
     */
    T staying() {
      if (found.isMarkedForDeletion()) {
        throw answer;
      }
      return found;
    }
  }

  /**
   * Somebody else's has the name, and will keep it.
   *
   * @param answer of the API server to this attempt
   */
  record Theirs<T extends HasMetadata>(T found, KubernetesClientException answer)
      implements Claim<T> {}
}
