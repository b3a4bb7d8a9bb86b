package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;

/**
 * A group of like worker pods.
 *
 * @param groupName unique within the cluster; part of the pods' names and a label value
 * @param replicas wanted replicas, held between {@code minReplicas} and {@code maxReplicas}
 * @param minReplicas lower bound
 * @param maxReplicas upper bound
 * @param numOfHosts pods of one replica, which live and die together; absent: 1
 * @param suspend no pods, until it is taken away
 * @param idleTimeoutSeconds as the one of {@code autoscalerOptions}, for this group; autoscaler v2
 * @param priority which group grows first where several would do, the highest; autoscaler v2
 * @param resources what Ray is told that a node has, by Ray's names; absent: what the container
 *     asks for
 * @param labels of the nodes in Ray and of their pods
 * @param rayStartParams flags of {@code ray start} without their leading dashes
 * @param scaleStrategy which pods to remove first
 * @param template the pod; its first container is the Ray container
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerGroupSpec(
    @Required @Size(min = 1, max = 63) @Pattern(WorkerGroupSpec.GROUP_NAME) String groupName,
    @Min(0) @Max(Integer.MAX_VALUE) @Default("0") Integer replicas,
    @Required @Min(0) @Max(Integer.MAX_VALUE) @Default("0") Integer minReplicas,
    @Required @Min(0) @Max(Integer.MAX_VALUE) @Default("2147483647") Integer maxReplicas,
    @Min(1) @Max(Integer.MAX_VALUE) @Default("1") Integer numOfHosts,
    Boolean suspend,
    @Min(0) @Max(Integer.MAX_VALUE) Integer idleTimeoutSeconds,
    @Default("0") Integer priority,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> resources,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> rayStartParams,
    ScaleStrategy scaleStrategy,
    @Required PodTemplateSpec template) {

  /** A DNS subdomain once in lower case: the group's name becomes part of its pods' names. */
  private static final String GROUP_NAME =
      "^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$";

  public WorkerGroupSpec {
    resources = resources == null ? Map.of() : Map.copyOf(resources);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    rayStartParams = rayStartParams == null ? Map.of() : Map.copyOf(rayStartParams);
  }

  /** A number of pods, and how Ray starts in them; nothing else said. */
  public WorkerGroupSpec(
      String groupName,
      Integer replicas,
      Integer minReplicas,
      Integer maxReplicas,
      Map<String, String> rayStartParams,
      ScaleStrategy scaleStrategy,
      PodTemplateSpec template) {
    this(
        groupName,
        replicas,
        minReplicas,
        maxReplicas,
        null,
        null,
        null,
        null,
        null,
        null,
        rayStartParams,
        scaleStrategy,
        template);
  }

  /** Whether the group is to have no pods. */
  public boolean suspended() {
    return Boolean.TRUE.equals(suspend);
  }

  /** Pods of one replica. */
  public int hosts() {
    return numOfHosts == null ? 1 : numOfHosts;
  }

  /**
   * The wanted number of replicas: {@code replicas} within its bounds, absent values as KubeRay's;
   * none while the group is suspended.
   */
  public int desiredReplicas() {
    int min = minReplicas == null ? 0 : minReplicas;
    int max = maxReplicas == null ? Integer.MAX_VALUE : maxReplicas;
    int wanted = replicas == null ? 0 : replicas;
    return suspended() ? 0 : Math.min(Math.max(wanted, min), max);
  }

  /** The wanted number of pods. */
  public long desiredPods() {
    return (long) desiredReplicas() * hosts();
  }

  /** Names of pods that go first. */
  public List<String> workersToDelete() {
    return scaleStrategy == null ? List.of() : scaleStrategy.workersToDelete();
  }
}
