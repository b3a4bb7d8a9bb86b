package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What pods and clusters may do.
 *
 * @param authentication whether callers must show a token, where Ray knows how to ask for one:
 *     {@link #TOKEN}, which absent means, too, or {@link #DISABLED}
 * @param podSecurity {@link #RESTRICTED}: pods meet Kubernetes' standard of that name; or {@link
 *     #UNRESTRICTED}, which absent means, too
 * @param userId of the user in restricted pods; absent: the image's, which must be a number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Security(String authentication, String podSecurity, Long userId) {
  public static final String TOKEN = "Token";
  public static final String DISABLED = "Disabled";
  public static final String RESTRICTED = "Restricted";
  public static final String UNRESTRICTED = "Unrestricted";

  /** Nothing said. */
  static final Security NONE = new Security(null, null, null);
}
