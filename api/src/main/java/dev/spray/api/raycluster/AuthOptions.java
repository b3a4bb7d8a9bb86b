package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;

/**
 * Who may talk to the cluster's own ports.
 *
 * @param mode {@link #TOKEN} or {@link #DISABLED}; absent: nobody is asked for a token
 * @param enableK8sTokenAuth Kubernetes' own tokens are the ones to show; from Ray 2.55 on
 * @param secretName a Secret of the user's with the key {@link #SECRET_KEY}; absent: the operator
 *     makes one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuthOptions(
    @OneOf({AuthOptions.DISABLED, AuthOptions.TOKEN}) String mode,
    Boolean enableK8sTokenAuth,
    String secretName) {
  public static final String TOKEN = "token";
  public static final String DISABLED = "disabled";

  /** By a token that the operator makes. */
  public static final AuthOptions BY_TOKEN = new AuthOptions(TOKEN, null, null);

  /** Under which a Secret has a token: Ray's own, or a workspace's. */
  public static final String SECRET_KEY = "auth_token";
}
