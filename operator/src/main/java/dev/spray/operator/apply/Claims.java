package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Makes objects under names that the operator chose. What the API server's answer leaves open is
 * settled by a read, so that a repeated attempt finds the object of the first one and is content.
 */
final class Claims {
  private final KubernetesClient client;
  private final Writes writes;

  Claims(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * Creates an object.
   *
   * @throws KubernetesClientException when it isn't made, or when what has its name goes by itself
   */
  <T extends HasMetadata> Claim<T> create(T object, RayCluster cluster) {
    return claim(
        object,
        cluster,
        () -> writes.send(() -> client.resource(object).create()),
        answer -> Failures.isAlreadyExists(answer) || Failures.isAmbiguous(answer));
  }

  /**
   * Makes an object by whatever write.
   *
   * @param isOpen whether, by the API server's answer, there may be such an object
   * @throws KubernetesClientException as above
   */
  <T extends HasMetadata> Claim<T> claim(
      T object,
      RayCluster cluster,
      Supplier<T> write,
      Predicate<KubernetesClientException> isOpen) {
    try {
      return new Claim.Made<>(write.get());
    } catch (KubernetesClientException answer) {
      if (!isOpen.test(answer)) {
        throw answer;
      }
      T found = client.resource(object).get();
      if (found == null) {
        throw answer;
      }
      if (Identity.isOwnedBy(found, cluster.getMetadata().getUid())) {
        return new Claim.Ours<>(found, answer);
      }
      if (isLeaving(found, cluster)) {
        throw answer;
      }
      return new Claim.Theirs<>(found, answer);
    }
  }

  /**
   * Whether somebody else's object goes by itself, soon: it is on its way out, or belongs to a
   * cluster of this name that was deleted, and the garbage collector has yet to come to it.
   */
  private static boolean isLeaving(HasMetadata found, RayCluster cluster) {
    return found.isMarkedForDeletion() || Identity.isLeftBehind(found, cluster);
  }
}
