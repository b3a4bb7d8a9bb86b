package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * GPUs or TPUs of a pod.
 *
 * @param type a name from the platform configuration, for example {@code t4}, or the value of the
 *     label that such nodes have
 * @param count GPUs of one worker; absent: 1. Of TPUs it follows from the topology
 * @param topology how the chips of a TPU slice are connected, for example {@code 4x4}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Accelerator(
    @Required @Size(min = 1, max = 63) String type,
    @Min(1) @Max(1024) Integer count,
    @Size(max = 32) String topology) {}
