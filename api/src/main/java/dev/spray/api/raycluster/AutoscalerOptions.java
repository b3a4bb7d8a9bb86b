package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;

/**
 * Ray's autoscaler, which runs beside the head.
 *
 * @param version {@link #V1} or {@link #V2}; absent: what the Ray version has as its own
 * @param idleTimeoutSeconds after how long without work a worker goes; Ray's autoscaler reads it,
 *     absent: 60
 * @param upscalingMode {@code Default}, {@code Aggressive} or {@code Conservative}; Ray's
 *     autoscaler reads it
 * @param image image of its container; absent: the head's
 * @param imagePullPolicy absent: {@code IfNotPresent}
 * @param resources absent: 500m CPU and 512Mi memory, requested and as a limit
 * @param env added to the container's environment
 * @param envFrom added likewise
 * @param volumeMounts added to the container
 * @param securityContext of the container
 * @param command instead of the shell that starts it
 * @param args instead of the line that starts it, which {@code $KUBERAY_GEN_AUTOSCALER_START_CMD}
 *     holds
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalerOptions(
    @OneOf({AutoscalerOptions.V1, AutoscalerOptions.V2}) String version,
    @Min(0) @Max(Integer.MAX_VALUE) Integer idleTimeoutSeconds,
    @OneOf({"Default", "Aggressive", "Conservative"}) String upscalingMode,
    String image,
    @OneOf({"", "Always", "IfNotPresent", "Never"}) String imagePullPolicy,
    ResourceRequirements resources,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<EnvVar> env,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<EnvFromSource> envFrom,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<VolumeMount> volumeMounts,
    SecurityContext securityContext,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> command,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> args) {
  public static final String V1 = "v1";
  public static final String V2 = "v2";

  /** Nothing said: what holds where the spec has no options. */
  public static final AutoscalerOptions NONE =
      new AutoscalerOptions(null, null, null, null, null, null, null, null, null, null, null, null);

  public AutoscalerOptions {
    env = env == null ? List.of() : List.copyOf(env);
    envFrom = envFrom == null ? List.of() : List.copyOf(envFrom);
    volumeMounts = volumeMounts == null ? List.of() : List.copyOf(volumeMounts);
    command = command == null ? List.of() : List.copyOf(command);
    args = args == null ? List.of() : List.copyOf(args);
  }
}
