package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A head or worker pod: a copy of the user's template with what Ray needs added to it. */
public final class RayPod {

  /** Labels by which the operator and its services find a pod: a template can't change them. */
  private static final List<String> OWN_LABELS =
      List.of(
          RayLabels.IS_RAY_NODE,
          RayLabels.CLUSTER,
          RayLabels.IDENTIFIER,
          RayLabels.CREATED_BY,
          RayLabels.NODE_TYPE,
          RayLabels.GROUP,
          RayLabels.REPLICA_INDEX);

  /** The head pod of a cluster. */
  public static Pod head(RayCluster cluster, PodSettings settings) {
    Map<String, String> labels = labels(cluster, RayLabels.HEAD, RayLabels.HEAD_GROUP);
    return pod(
        RayNode.head(cluster),
        PodNames.head(cluster.getMetadata().getName()),
        labels,
        Map.of(RayLabels.FT_ENABLED, "false"),
        settings);
  }

  /**
   * A worker pod.
   *
   * @param group one of the cluster's groups
   */
  public static Pod worker(
      RayCluster cluster, WorkerGroupSpec group, WorkerIdentity id, PodSettings settings) {
    Map<String, String> labels = labels(cluster, RayLabels.WORKER, group.groupName());
    labels.put(RayLabels.REPLICA_INDEX, id.replicaIndex() + "");
    return pod(RayNode.worker(cluster, group), id.podName(), labels, Map.of(), settings);
  }

  private static Pod pod(
      RayNode node,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      PodSettings settings) {
    return new PodBuilder()
        .withMetadata(metadata(node, name, labels, annotations))
        .withSpec(spec(node, settings))
        .build();
  }

  private static PodSpec spec(RayNode node, PodSettings settings) {
    PodSpecBuilder spec = new PodSpecBuilder(node.template().getSpec());
    Container ray = RayContainer.of(node, settings);
    if (SharedMemory.isNeeded(node)) {
      ray = SharedMemory.mountIn(ray);
      SharedMemory.addVolume(spec, ray);
    }
    spec.setToContainers(0, ray);
    List<Container> init = new ArrayList<>();
    for (Container user : node.template().getSpec().getInitContainers()) {
      init.add(new ContainerBuilder(user).addAllToEnv(RayEnvironment.gcsAddress(node)).build());
    }
    if (!node.head()) {
      init.add(WaitForGcs.container(node));
    }
    return spec.withInitContainers(init).build();
  }

  private static ObjectMeta metadata(
      RayNode node, String name, Map<String, String> labels, Map<String, String> annotations) {
    ObjectMeta user =
        node.template().getMetadata() == null ? new ObjectMeta() : node.template().getMetadata();
    Map<String, String> allLabels = new LinkedHashMap<>(labels);
    allLabels.putAll(user.getLabels());
    OWN_LABELS.stream()
        .filter(labels::containsKey)
        .forEach(own -> allLabels.put(own, labels.get(own)));
    Map<String, String> allAnnotations = new LinkedHashMap<>(user.getAnnotations());
    allAnnotations.putAll(annotations);
    Map<String, String> clusters = node.cluster().getMetadata().getAnnotations();
    if (clusters.containsKey(RayLabels.OVERWRITE_COMMAND)) {
      allAnnotations.put(RayLabels.OVERWRITE_COMMAND, clusters.get(RayLabels.OVERWRITE_COMMAND));
    }
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(node.cluster().getMetadata().getNamespace())
        .withLabels(allLabels)
        .withAnnotations(allAnnotations)
        .withFinalizers(user.getFinalizers())
        .withOwnerReferences(Identity.owner(node.cluster()))
        .build();
  }

  private static Map<String, String> labels(RayCluster cluster, String nodeType, String group) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), nodeType);
    labels.put(RayLabels.IS_RAY_NODE, "yes");
    labels.put(RayLabels.GROUP, group);
    return labels;
  }

  private RayPod() {}
}
