package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.platform.PlatformStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * What is there.
 *
 * @param state {@code ready} once every pod was up; KubeRay's meaning, it stays when a pod is lost
 *     later. The truth of the moment is the condition {@code Ready}
 * @param desiredCPU sum over all wanted pods of their requests, else limits
 * @param desiredMemory likewise, bytes
 * @param desiredGPU likewise, whole devices
 * @param desiredTPU likewise, whole chips
 * @param lastUpdateTime RFC 3339, the last change of this status
 * @param stateTransitionTimes state to RFC 3339 time of the last change to it
 * @param endpoints port name of the head service to its node port, else its target port
 * @param head where the head is
 * @param reason why the cluster is not what was asked for; empty when it is
 * @param conditions by type
 * @param readyWorkerReplicas worker pods that are Ready
 * @param availableWorkerReplicas worker pods that are running
 * @param desiredWorkerReplicas wanted worker pods, within the bounds of their groups
 * @param minWorkerReplicas sum of the groups' lower bounds
 * @param maxWorkerReplicas sum of the groups' upper bounds, at most 2147483647
 * @param platform of a cluster with {@code spec.platform}, what people ask for; sp-ray's own
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param adoptedRevisions by group, {@code headgroup} for the head: to which revision of the spec
 *     those pods count that carry none, as another operator made them; what it was when they were
 *     first seen
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RayClusterStatus(
    String state,
    Quantity desiredCPU,
    Quantity desiredMemory,
    Quantity desiredGPU,
    Quantity desiredTPU,
    String lastUpdateTime,
    Map<String, String> stateTransitionTimes,
    Map<String, String> endpoints,
    HeadInfo head,
    String reason,
    List<Condition> conditions,
    Integer readyWorkerReplicas,
    Integer availableWorkerReplicas,
    Integer desiredWorkerReplicas,
    Integer minWorkerReplicas,
    Integer maxWorkerReplicas,
    PlatformStatus platform,
    Long observedGeneration,
    Map<String, String> adoptedRevisions) {

  /**
   * Whether another operator wrote it last: this one always says whether a cluster is ready, and of
   * which generation each condition speaks, and KubeRay neither.
   */
  public boolean writtenByAnother() {
    return conditions == null
        || conditions.stream()
            .noneMatch(condition -> ConditionTypes.READY.equals(condition.getType()))
        || conditions.stream()
            .filter(condition -> ConditionTypes.KUBERAYS.contains(condition.getType()))
            .anyMatch(condition -> condition.getObservedGeneration() == null);
  }

  /** The same with other conditions. */
  public RayClusterStatus withConditions(List<Condition> conditions) {
    return new RayClusterStatus(
        state,
        desiredCPU,
        desiredMemory,
        desiredGPU,
        desiredTPU,
        lastUpdateTime,
        stateTransitionTimes,
        endpoints,
        head,
        reason,
        conditions,
        readyWorkerReplicas,
        availableWorkerReplicas,
        desiredWorkerReplicas,
        minWorkerReplicas,
        maxWorkerReplicas,
        platform,
        observedGeneration,
        adoptedRevisions);
  }

  /** The same, of another time. */
  public RayClusterStatus withLastUpdateTime(String lastUpdateTime) {
    return new RayClusterStatus(
        state,
        desiredCPU,
        desiredMemory,
        desiredGPU,
        desiredTPU,
        lastUpdateTime,
        stateTransitionTimes,
        endpoints,
        head,
        reason,
        conditions,
        readyWorkerReplicas,
        availableWorkerReplicas,
        desiredWorkerReplicas,
        minWorkerReplicas,
        maxWorkerReplicas,
        platform,
        observedGeneration,
        adoptedRevisions);
  }
}
