package dev.spray.operator.scheduling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.pods.Host;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayPod;
import dev.spray.operator.pods.WorkerIdentity;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How many pods of a cluster belong together, and what they ask for, as they are made: with all
 * their sidecars. Of an autoscaled cluster the least that it may have: it starts with that, and the
 * rest comes when there is work.
 */
final class Gang {
  private static final JsonMapper JSON = new JsonMapper();

  private final RayCluster cluster;
  private final PodSettings settings;
  private final UnaryOperator<Pod> decorate;

  Gang(RayCluster cluster, PodSettings settings, UnaryOperator<Pod> decorate) {
    this.cluster = cluster;
    this.settings = settings;
    this.decorate = decorate;
  }

  /** Pods, the head included. */
  int members() {
    long workers = cluster.getSpec().workerGroupSpecs().stream().mapToLong(this::members).sum();
    return (int) Math.min(1 + workers, Integer.MAX_VALUE);
  }

  /** What those pods ask for. */
  Map<String, Quantity> requests() {
    Requests sum = new Requests();
    sum.add(Requests.of(head()), 1);
    for (WorkerGroupSpec group : cluster.getSpec().workerGroupSpecs()) {
      long members = members(group);
      if (members > 0) {
        sum.add(Requests.of(pod(group)), members);
      }
    }
    return sum.quantities();
  }

  /** YuniKorn's description of every group of pods that are alike, as JSON. */
  String taskGroups() {
    List<TaskGroup> groups = new ArrayList<>();
    groups.add(taskGroup(RayLabels.HEAD_GROUP, 1, head()));
    cluster
        .getSpec()
        .workerGroupSpecs()
        .forEach(group -> groups.add(taskGroup(group.groupName(), atLeast(group), pod(group))));
    try {
      return JSON.writeValueAsString(groups);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a pod that was read as JSON can be written so", e);
    }
  }

  private long members(WorkerGroupSpec group) {
    return cluster.getSpec().autoscaled() ? atLeast(group) : group.desiredPods();
  }

  private static long atLeast(WorkerGroupSpec group) {
    int min = group.minReplicas() == null ? 0 : group.minReplicas();
    return group.suspended() ? 0 : (long) min * group.hosts();
  }

  private Pod head() {
    return decorate.apply(RayPod.head(cluster, settings));
  }

  /** One like all those of the group. */
  private Pod pod(WorkerGroupSpec group) {
    Optional<Host> host = group.hosts() > 1 ? Optional.of(new Host("any", 0)) : Optional.empty();
    return decorate.apply(
        RayPod.worker(cluster, group, new WorkerIdentity("any", 0, host), settings));
  }

  private static TaskGroup taskGroup(String name, long members, Pod pod) {
    var spec = pod.getSpec();
    return new TaskGroup(
        name,
        members,
        Requests.of(pod).quantities(),
        spec.getNodeSelector(),
        spec.getTolerations(),
        spec.getAffinity(),
        spec.getTopologySpreadConstraints());
  }

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record TaskGroup(
      String name,
      @JsonInclude(JsonInclude.Include.ALWAYS) long minMember,
      @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, Quantity> minResource,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations,
      Affinity affinity,
      List<TopologySpreadConstraint> topologySpreadConstraints) {}
}
