package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * CPUs and memory.
 *
 * @param cpu for example {@code 15} or {@code 500m}
 * @param memory for example {@code 48Gi}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Size(Quantity cpu, Quantity memory) {

  /** What is absent of this comes from another one. */
  Size orElse(Size other) {
    return new Size(cpu == null ? other.cpu : cpu, memory == null ? other.memory : memory);
  }

  /** Whether there is room in it for all of that. */
  boolean holds(Size... parts) {
    var cpus = cpu.getNumericalAmount();
    var bytes = memory.getNumericalAmount();
    for (Size part : parts) {
      cpus = cpus.subtract(part.cpu.getNumericalAmount());
      bytes = bytes.subtract(part.memory.getNumericalAmount());
    }
    return cpus.signum() >= 0 && bytes.signum() >= 0;
  }

  @Override
  public String toString() {
    return cpu + " CPUs and " + memory;
  }
}
