package dev.spray.e2e.ecosystem;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The head or a worker group, as the autoscaler looks at it.
 *
 * @param fewest pods that it may have; the head isn't counted
 * @param most pods that it may have
 * @param resources what the group itself says of its nodes
 * @param limits of the Ray container
 * @param requests of the Ray container
 */
record NodeGroup(
    String name,
    int fewest,
    long most,
    Map<String, String> resources,
    Map<String, String> rayStartParams,
    Map<String, Quantity> limits,
    Map<String, Quantity> requests) {

  static List<NodeGroup> of(RayCluster cluster) {
    List<NodeGroup> groups = new ArrayList<>();
    HeadGroupSpec head = cluster.getSpec().headGroupSpec();
    groups.add(
        of(RayLabels.HEAD_GROUP, 0, 0, head.resources(), head.rayStartParams(), head.template()));
    for (WorkerGroupSpec group : cluster.getSpec().workerGroupSpecs()) {
      groups.add(
          of(
              group.groupName(),
              group.minReplicas() * group.numOfHosts(),
              (long) group.maxReplicas() * group.numOfHosts(),
              group.resources(),
              group.rayStartParams(),
              group.template()));
    }
    return groups;
  }

  private static NodeGroup of(
      String name,
      int fewest,
      long most,
      Map<String, String> resources,
      Map<String, String> rayStartParams,
      PodTemplateSpec template) {
    ResourceRequirements ray = template.getSpec().getContainers().getFirst().getResources();
    ResourceRequirements any = ray == null ? new ResourceRequirements() : ray;
    return new NodeGroup(
        name,
        fewest,
        most,
        resources,
        rayStartParams,
        any.getLimits() == null ? Map.of() : any.getLimits(),
        any.getRequests() == null ? Map.of() : any.getRequests());
  }

  /** Whether anything says how many CPUs a node has, without which no autoscaler works. */
  boolean saysCpus(boolean inResourcesToo) {
    return (inResourcesToo && resources.containsKey("CPU"))
        || rayStartParams.containsKey("num-cpus")
        || limits.containsKey("cpu")
        || requests.containsKey("cpu");
  }

  /** Whether a node's memory is said, and not only asked for. */
  boolean limitsMemory() {
    return resources.containsKey("memory")
        || rayStartParams.containsKey("memory")
        || limits.containsKey("memory");
  }

  /** Ray's names of what its autoscaler doesn't find among the container's resources. */
  List<String> uncountedByAutoscaler() {
    List<String> names = new ArrayList<>();
    boolean sliced = limits.keySet().stream().anyMatch(key -> key.startsWith("nvidia.com/mig-"));
    if (sliced && !resources.containsKey("GPU") && !rayStartParams.containsKey("num-gpus")) {
      names.add("GPU");
    }
    if (limits.containsKey("aws.amazon.com/neuroncore")) {
      names.add("neuron_cores");
    }
    return names;
  }
}
