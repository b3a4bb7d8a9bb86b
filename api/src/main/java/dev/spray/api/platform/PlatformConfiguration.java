package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a platform has, and what holds where {@code spec.platform} says nothing. One YAML document;
 * {@link ConfigurationFile} reads it. The files that come with the chart explain themselves.
 *
 * @param apiVersion {@link #API_VERSION}
 * @param kind {@link #KIND}
 * @param images images by name
 * @param sizes of pods without accelerators
 * @param machines those without accelerators, the largest of which bounds a pod
 * @param gpu how nodes with GPUs are found, and asked for GPUs
 * @param tpu likewise TPUs
 * @param accelerators by short name
 * @param capacity what each kind of capacity asks of a node
 * @param placement where pods may lie
 * @param serviceAccountName as whom pods run; absent: as the namespace's default
 * @param security what pods and clusters may do
 * @param workspace what workspaces are made of
 * @param lifecycle what holds when clusters expire; absent: the default
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlatformConfiguration(
    String apiVersion,
    String kind,
    Images images,
    Sizes sizes,
    List<Machine> machines,
    AcceleratorNodes gpu,
    AcceleratorNodes tpu,
    Map<String, AcceleratorType> accelerators,
    Map<String, NodeChoice> capacity,
    PlacementRules placement,
    String serviceAccountName,
    Security security,
    WorkspaceRules workspace,
    LifecycleRules lifecycle) {
  public static final String API_VERSION = "sp-ray.dev/v1alpha1";
  public static final String KIND = "PlatformConfiguration";

  public PlatformConfiguration {
    machines = machines == null ? List.of() : List.copyOf(machines);
    accelerators = Absent.or(accelerators);
    capacity = Absent.or(capacity);
    placement = placement == null ? PlacementRules.NONE : placement;
    security = security == null ? Security.NONE : security;
    workspace = workspace == null ? WorkspaceRules.NONE : workspace;
  }

  /** How long a cluster's users are warned before it expires, at the least. */
  public Duration expiryWarning() {
    return lifecycle == null ? LifecycleRules.WARNING : lifecycle.warningTime();
  }

  /** The same, but that clusters that say nothing of placement get none. */
  public PlatformConfiguration withoutPlacementByDefault() {
    return new PlatformConfiguration(
        apiVersion,
        kind,
        images,
        sizes,
        machines,
        gpu,
        tpu,
        accelerators,
        capacity,
        placement.withoutDefaults(),
        serviceAccountName,
        security,
        workspace,
        lifecycle);
  }

  /** What tells one configuration from another: ten characters. */
  public String revision() {
    return Hash.of(this, 10);
  }
}
