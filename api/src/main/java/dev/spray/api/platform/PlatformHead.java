package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * Size of the head pod.
 *
 * @param cpu CPUs that its Ray container asks for, and Ray counts; absent: the default
 * @param memory what its Ray container asks for, and may have; absent: the default
 * @param accelerator GPUs of the head; absent: none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformHead(Quantity cpu, Quantity memory, Accelerator accelerator) {

  /** Nothing said. */
  public static final PlatformHead NOTHING = new PlatformHead(null, null, null);
}
