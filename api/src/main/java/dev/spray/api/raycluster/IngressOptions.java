package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import java.util.List;

/**
 * The way from outside to the head's dashboard.
 *
 * @param host absent: any
 * @param path absent: {@code /}
 * @param pathType {@code Exact}, {@code Prefix} or {@code ImplementationSpecific}; absent: {@code
 *     Prefix}
 * @param tls certificates
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressOptions(
    String host,
    String path,
    @OneOf({"Exact", "Prefix", "ImplementationSpecific"}) String pathType,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<IngressTLS> tls) {

  /** Nothing said: what holds where the head has no options. */
  public static final IngressOptions NONE = new IngressOptions(null, null, null, null);

  public IngressOptions {
    tls = tls == null ? List.of() : List.copyOf(tls);
  }
}
