package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * What becomes of a cluster that nobody uses. Ray's autoscaler (v2, from Ray 2.60 on) reads it: no
 * driver but Ray's own for that long, and it deletes the RayCluster, or sets {@code idleSuspend} in
 * it.
 *
 * @param timeoutSeconds how long
 * @param policy {@link #DELETE} or {@link #SUSPEND}; absent: the latter
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdleTerminationOptions(
    @Required @Min(0) @Max(Integer.MAX_VALUE) Integer timeoutSeconds,
    @OneOf({IdleTerminationOptions.DELETE, IdleTerminationOptions.SUSPEND}) String policy) {
  public static final String DELETE = "Delete";
  public static final String SUSPEND = "Suspend";
}
