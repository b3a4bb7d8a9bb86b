package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    @Size(max = 32) @Pattern(TimeSpan.PATTERN) String idleTimeout,
    @Size(max = 32) @Pattern(TimeSpan.PATTERN) String ttl,
    @OneOf({PlatformLifecycle.SUSPEND, PlatformLifecycle.DELETE}) String onExpiry) {
  public static final String SUSPEND = "Suspend";
  public static final String DELETE = "Delete";

  private static final String PATH = "spec.platform.lifecycle";

  /** How long nobody may use it; empty when nothing readable is said. */
  public Optional<Duration> timeIdle() {
    return TimeSpan.of(idleTimeout);
  }

  /** How long it may be there; empty when nothing readable is said. */
  public Optional<Duration> timeToLive() {
    return TimeSpan.of(ttl);
  }

  /** Whether it is deleted in the end, not suspended. */
  public boolean deletes() {
    return DELETE.equals(onExpiry);
  }

  /** What can't be read of it, in sentences that say what is possible; then nothing expires. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    time("idleTimeout", idleTimeout).ifPresent(problems::add);
    time("ttl", ttl).ifPresent(problems::add);
    if (onExpiry != null && !onExpiry.equals(SUSPEND) && !onExpiry.equals(DELETE)) {
      problems.add(
          String.format(
              "%s.onExpiry: there is no %s; possible are %s and %s",
              PATH, onExpiry, SUSPEND, DELETE));
    }
    return List.copyOf(problems);
  }

  private static Optional<String> time(String field, String text) {
    return text == null || TimeSpan.of(text).isPresent()
        ? Optional.empty()
        : Optional.of(
            String.format("%s.%s: \"%s\" is no time: %s", PATH, field, text, TimeSpan.REMEDY));
  }
}
