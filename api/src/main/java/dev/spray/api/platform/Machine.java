package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A kind of node.
 *
 * @param machineType its name, for example {@code n1-standard-16}
 * @param count accelerators that it has; absent: none
 * @param allocatable what pods can have of it at the worst
 * @param size default size of a Ray container on it; absent: the general one
 * @param hourly price in US dollars an hour by capacity; what isn't there isn't known
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Machine(
    String machineType,
    Integer count,
    Size allocatable,
    Size size,
    Map<String, BigDecimal> hourly) {

  public Machine {
    hourly = Absent.or(hourly);
  }

  int accelerators() {
    return count == null ? 0 : count;
  }
}
