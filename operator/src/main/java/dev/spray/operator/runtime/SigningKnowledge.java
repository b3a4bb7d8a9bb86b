package dev.spray.operator.runtime;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.signing.Knowledge;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the API server, and the cache, for what must be known to sign. It changes nothing. */
final class SigningKnowledge implements Knowledge {
  private static final Pattern SERVICE_ACCOUNT =
      Pattern.compile("system:serviceaccount:(?<namespace>[^:]+):[^:]+");
  private static final String POD = "authentication.kubernetes.io/pod-name";
  private static final String UID = "authentication.kubernetes.io/pod-uid";

  private final KubernetesClient client;
  private final Function<ResourceID, Optional<RayCluster>> clusters;

  /**
   * @param clusters those in the cache
   */
  SigningKnowledge(KubernetesClient client, Function<ResourceID, Optional<RayCluster>> clusters) {
    this.client = client;
    this.clusters = clusters;
  }

  @Override
  public Optional<RayCluster> cluster(String namespace, String name) {
    return clusters.apply(new ResourceID(name, namespace));
  }

  @Override
  public Optional<TokenOwner> owner(String token, String audience) {
    TokenReview review =
        client
            .tokenReviews()
            .create(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(audience)
                    .endSpec()
                    .build());
    // One that doesn't know of audiences names none.
    return Optional.ofNullable(review.getStatus())
        .filter(status -> Boolean.TRUE.equals(status.getAuthenticated()))
        .filter(status -> status.getAudiences().contains(audience))
        .flatMap(status -> owner(status.getUser()));
  }

  private static Optional<TokenOwner> owner(UserInfo user) {
    Matcher account = SERVICE_ACCOUNT.matcher(user.getUsername());
    Map<String, List<String>> bound = user.getExtra();
    return bound != null && bound.containsKey(POD) && bound.containsKey(UID) && account.matches()
        ? Optional.of(
            new TokenOwner(
                account.group("namespace"), bound.get(POD).getFirst(), bound.get(UID).getFirst()))
        : Optional.empty();
  }

  @Override
  public Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<Service> service(String namespace, String name) {
    return Optional.ofNullable(client.services().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }
}
