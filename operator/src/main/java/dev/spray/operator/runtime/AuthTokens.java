package dev.spray.operator.runtime;

import dev.spray.operator.plan.SecretKey;
import dev.spray.operator.resources.AuthToken;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the token of a cluster, to show it to the cluster's head; it stands in no log. */
final class AuthTokens implements Function<SecretKey, Optional<String>> {
  /** What an HTTP header can carry. */
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

  private final KubernetesClient client;

  AuthTokens(KubernetesClient client) {
    this.client = client;
  }

  /** Empty where there is none, or nobody can tell. */
  @Override
  public Optional<String> apply(SecretKey place) {
    try {
      return Optional.ofNullable(
              client.secrets().inNamespace(place.namespace()).withName(place.secret()).get())
          .flatMap(secret -> AuthToken.in(secret, place.key()))
          .filter(token -> VISIBLE.matcher(token).matches());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }
}
