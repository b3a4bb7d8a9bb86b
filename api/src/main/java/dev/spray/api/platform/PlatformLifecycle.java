package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/**
 * When the cluster goes by itself.
 *
 * @param idleTimeout how long nobody may use it, for example {@code 8h}
 * @param ttl how long it may be there at all, for example {@code 14d}
 * @param onExpiry what happens then: {@link #SUSPEND} or {@link #DELETE}; absent: the former
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformLifecycle(
    @Size(max = 32) @Pattern(PlatformLifecycle.DURATION) String idleTimeout,
    @Size(max = 32) @Pattern(PlatformLifecycle.DURATION) String ttl,
    @OneOf({PlatformLifecycle.SUSPEND, PlatformLifecycle.DELETE}) String onExpiry) {
  public static final String SUSPEND = "Suspend";
  public static final String DELETE = "Delete";

  /** Days, hours, minutes and seconds, at least one of them. */
  static final String DURATION = "^([0-9]{1,5}d)?([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$";
}
