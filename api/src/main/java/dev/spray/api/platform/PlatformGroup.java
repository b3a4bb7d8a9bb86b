package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * A group of like workers.
 *
 * @param groupName unique within the cluster
 * @param replicas workers, or TPU slices; absent: {@code minReplicas}, else 1
 * @param minReplicas what Ray's autoscaler leaves at least; says, like {@code maxReplicas}, that it
 *     is to scale the cluster
 * @param maxReplicas what it makes at most
 * @param cpu CPUs of one worker; absent: what fits its machine
 * @param memory of one worker; absent: what fits its machine
 * @param accelerator GPUs or TPUs of one worker; absent: none
 * @param capacity how the nodes are paid for: {@link #ON_DEMAND}, {@link #SPOT}, {@link
 *     #FLEX_START} or {@link #RESERVATION}; absent: the first
 * @param reservation name of a reservation, for that capacity
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformGroup(
    @Required @Size(min = 1, max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") String groupName,
    @Min(0) @Max(Integer.MAX_VALUE) Integer replicas,
    @Min(0) @Max(Integer.MAX_VALUE) Integer minReplicas,
    @Min(0) @Max(Integer.MAX_VALUE) Integer maxReplicas,
    Quantity cpu,
    Quantity memory,
    Accelerator accelerator,
    @OneOf({
          PlatformGroup.ON_DEMAND,
          PlatformGroup.SPOT,
          PlatformGroup.FLEX_START,
          PlatformGroup.RESERVATION
        })
        String capacity,
    @Size(max = 63) String reservation) {
  public static final String ON_DEMAND = "OnDemand";
  public static final String SPOT = "Spot";
  public static final String FLEX_START = "FlexStart";
  public static final String RESERVATION = "Reservation";

  /** Workers at the start. */
  public int wantedReplicas() {
    return replicas != null ? replicas : minReplicas == null ? 1 : minReplicas;
  }

  /** Whether the group names bounds, within which Ray's autoscaler is to keep it. */
  public boolean bounded() {
    return minReplicas != null || maxReplicas != null;
  }

  /** What the group's capacity is called. */
  public String capacityKind() {
    return Optional.ofNullable(capacity).orElse(ON_DEMAND);
  }
}
