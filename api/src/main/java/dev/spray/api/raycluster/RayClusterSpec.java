package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.platform.PlatformSpec;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/**
 * What the user wants. Whatever is absent stays absent; what that means is said with each field, or
 * a method says it.
 *
 * @param rayVersion the Ray version of the images, for example {@code 2.60.0}; decides which health
 *     probes the pods get, and what may be asked of the cluster. Absent: what every Ray version
 *     knows
 * @param platform a short manifest, which the operator completes once; sp-ray's own
 * @param headGroupSpec the head pod; absent only while {@code platform} is to be completed
 * @param workerGroupSpecs the worker groups, one per {@code groupName}; absent: a head alone
 * @param headServiceAnnotations of the head service, before those of {@code headService}
 * @param enableInTreeAutoscaling Ray's autoscaler sets {@code replicas} and {@code workersToDelete}
 * @param autoscalerOptions Ray's autoscaler
 * @param idleTerminationOptions what becomes of a cluster that nobody uses
 * @param idleSuspend as {@code suspend}; Ray's autoscaler sets it, whoever wants the cluster back
 *     takes it away
 * @param suspend no pods, until it is taken away; Kueue sets it
 * @param managedBy who takes care of the cluster: {@link #KUBERAY} or absent, this operator
 * @param upgradeStrategy what a change of the templates does
 * @param authOptions who may talk to the cluster's own ports
 * @param tlsOptions encryption between the pods
 * @param networkPolicy who may talk to the pods
 * @param gcsFaultToleranceOptions where the GCS keeps its state; absent: in the head's memory
 * @param historyServerOptions what keeps the cluster's history
 * @param unreadable not part of the API: why nothing else could be read; null when it could
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RayClusterSpec(
    String rayVersion,
    PlatformSpec platform,
    HeadGroupSpec headGroupSpec,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Size(max = RayClusterSpec.MOST_GROUPS)
        List<WorkerGroupSpec> workerGroupSpecs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> headServiceAnnotations,
    Boolean enableInTreeAutoscaling,
    AutoscalerOptions autoscalerOptions,
    IdleTerminationOptions idleTerminationOptions,
    Boolean idleSuspend,
    Boolean suspend,
    String managedBy,
    UpgradeStrategy upgradeStrategy,
    AuthOptions authOptions,
    TlsOptions tlsOptions,
    NetworkPolicyConfig networkPolicy,
    GcsFaultToleranceOptions gcsFaultToleranceOptions,
    HistoryServerOptions historyServerOptions,
    @JsonIgnore String unreadable) {

  /** Far more groups than anybody has; it bounds what rules over them may cost. */
  private static final int MOST_GROUPS = 1000;

  /** What {@code managedBy} says of a cluster that is this operator's, or KubeRay's. */
  public static final String KUBERAY = "ray.io/kuberay-operator";

  public RayClusterSpec {
    workerGroupSpecs = workerGroupSpecs == null ? List.of() : List.copyOf(workerGroupSpecs);
    headServiceAnnotations =
        headServiceAnnotations == null ? Map.of() : Map.copyOf(headServiceAnnotations);
  }

  /** A head and groups of workers, and nothing else said. */
  public RayClusterSpec(
      String rayVersion, HeadGroupSpec headGroupSpec, List<WorkerGroupSpec> workerGroupSpecs) {
    this(rayVersion, headGroupSpec, workerGroupSpecs, null);
  }

  private RayClusterSpec(
      String rayVersion,
      HeadGroupSpec headGroupSpec,
      List<WorkerGroupSpec> workerGroupSpecs,
      String unreadable) {
    this(
        rayVersion,
        null,
        headGroupSpec,
        workerGroupSpecs,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        unreadable);
  }

  /**
   * A spec that stands for one that could not be read.
   *
   * @param why names the field and what is wrong with it
   */
  static RayClusterSpec unreadable(String why) {
    return new RayClusterSpec(null, null, null, why);
  }

  /** Whether the cluster is to have no pods. */
  public boolean suspended() {
    return Boolean.TRUE.equals(suspend) || Boolean.TRUE.equals(idleSuspend);
  }

  /** Whether somebody else takes care of the cluster. */
  public boolean managedElsewhere() {
    return managedBy != null && !managedBy.equals(KUBERAY);
  }

  /** Whether Ray's autoscaler sets the numbers of workers. */
  public boolean autoscaled() {
    return Boolean.TRUE.equals(enableInTreeAutoscaling);
  }

  /** The options of Ray's autoscaler, those that are absent too. */
  public AutoscalerOptions autoscaler() {
    return autoscalerOptions == null ? AutoscalerOptions.NONE : autoscalerOptions;
  }

  /** Whether a change of the templates makes all pods anew. */
  public boolean recreatedOnChange() {
    return upgradeStrategy != null && UpgradeStrategy.RECREATE.equals(upgradeStrategy.type());
  }

  /** Whether a change of the templates replaces pods one after the other. */
  public boolean rolledOnChange() {
    return upgradeStrategy != null && UpgradeStrategy.ROLLING_UPDATE.equals(upgradeStrategy.type());
  }

  /** How pods are replaced one after the other, absent options too. */
  public RollingUpdate rollingUpdate() {
    return upgradeStrategy == null || upgradeStrategy.rollingUpdate() == null
        ? RollingUpdate.DEFAULT
        : upgradeStrategy.rollingUpdate();
  }

  /** Whether callers must show a token. */
  public boolean authenticated() {
    return authOptions != null && AuthOptions.TOKEN.equals(authOptions.mode());
  }

  /** Whether callers must show a token of Kubernetes'. */
  public boolean authenticatedByKubernetes() {
    return authenticated() && Boolean.TRUE.equals(authOptions.enableK8sTokenAuth());
  }

  /** Whether the pods talk to each other encrypted. */
  public boolean encrypted() {
    return tlsOptions != null && Boolean.TRUE.equals(tlsOptions.enabled());
  }
}
