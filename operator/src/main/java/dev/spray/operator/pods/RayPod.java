package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.resources.AutoscalerRights;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A head or worker pod: a copy of the user's template with what Ray needs added to it. */
public final class RayPod {

  /** The head pod of a cluster. */
  public static Pod head(RayCluster cluster, PodSettings settings) {
    RayNode node = RayNode.head(cluster, settings);
    Map<String, String> annotations = new LinkedHashMap<>(GcsState.headAnnotations(cluster));
    annotations.put(RayLabels.KUBERAY_VERSION, "sp-ray-" + settings.operatorVersion());
    return pod(node, PodNames.head(cluster.getMetadata().getName()), Map.of(), annotations);
  }

  /**
   * A worker pod.
   *
   * @param group one of the cluster's groups
   */
  public static Pod worker(
      RayCluster cluster, WorkerGroupSpec group, WorkerIdentity id, PodSettings settings) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(RayLabels.REPLICA_INDEX, id.replicaIndex() + "");
    id.host()
        .ifPresent(host -> {
          labels.put(RayLabels.REPLICA_NAME, host.replicaName());
          labels.put(RayLabels.HOST_INDEX, host.hostIndex() + "");
        });
    return pod(RayNode.worker(cluster, group, settings), id.podName(), labels, Map.of());
  }

  private static Pod pod(
      RayNode node, String name, Map<String, String> labels, Map<String, String> annotations) {
    return new PodBuilder()
        .withMetadata(metadata(node, name, labels, annotations))
        .withSpec(spec(node))
        .build();
  }

  private static PodSpec spec(RayNode node) {
    PodSpec template = node.template().getSpec();
    PodSpecBuilder spec = new PodSpecBuilder(template).withInitContainers(initContainers(node));
    Container ray = Authentication.mountIn(RayContainer.of(node), node.cluster());
    Authentication.addVolume(spec, node.cluster());
    if (node.head()) {
      ray = GcsState.mountIn(ray, node.cluster(), spec);
    }
    if (!node.params().containsKey("plasma-directory") && Scratch.SHARED_MEMORY.isMissingIn(ray)) {
      ray = Scratch.SHARED_MEMORY.mountIn(ray);
      Scratch.SHARED_MEMORY.addTo(spec, inMemory(ray.getResources()));
    }
    if (node.withHistory() && Scratch.LOGS.isMissingIn(ray)) {
      Scratch.LOGS.addTo(spec, new EmptyDirVolumeSource());
      ray = Scratch.LOGS.mountIn(ray);
    }
    if (node.encrypted()) {
      ray = Encryption.mountIn(ray, node);
      Encryption.addVolumes(spec, node);
    }
    if (node.withAutoscaler()) {
      Container autoscaler = Autoscaler.container(node);
      if (Scratch.LOGS.isMissingIn(ray) || Scratch.LOGS.isMissingIn(autoscaler)) {
        Scratch.LOGS.addTo(spec, new EmptyDirVolumeSource());
      }
      ray = Scratch.LOGS.isMissingIn(ray) ? Scratch.LOGS.mountIn(ray) : ray;
      spec.addToContainers(
          Scratch.LOGS.isMissingIn(autoscaler) ? Scratch.LOGS.mountIn(autoscaler) : autoscaler);
      spec.withServiceAccountName(AutoscalerRights.serviceAccountName(node.cluster()));
    }
    if (node.withHistory()) {
      Container collector = HistoryCollector.container(node, Scratch.LOGS.in(ray));
      spec.addToContainers(Authentication.mountIn(collector, node.cluster()));
    }
    if (node.runsOnce()) {
      spec.withRestartPolicy("Never");
    }
    PodDefaults defaults = node.settings().defaults();
    return spec.setToContainers(0, ray)
        .addAllToContainers(node.head() ? defaults.headSidecars() : defaults.workerSidecars())
        .build();
  }

  private static List<Container> initContainers(RayNode node) {
    List<Container> init = new ArrayList<>();
    if (node.encrypted()) {
      init.add(Encryption.request(node));
    }
    for (Container user : node.template().getSpec().getInitContainers()) {
      Container container =
          new ContainerBuilder(user).addAllToEnv(RayEnvironment.gcsAddress(node)).build();
      init.add(
          WorkspaceAccess.isFor(container, node) ? WorkspaceAccess.of(container, node) : container);
    }
    if (!node.head() && node.settings().waitForGcs()) {
      init.add(WaitForGcs.container(node));
    }
    return init;
  }

  /** As large as the container's memory: what is in it counts against that. */
  private static EmptyDirVolumeSource inMemory(ResourceRequirements resources) {
    return new EmptyDirVolumeSourceBuilder()
        .withMedium("Memory")
        .withSizeLimit(memory(resources))
        .build();
  }

  private static Quantity memory(ResourceRequirements resources) {
    if (resources == null) {
      return null;
    }
    Map<String, Quantity> limits = resources.getLimits();
    Quantity limit = limits == null ? null : limits.get("memory");
    Map<String, Quantity> requests = resources.getRequests();
    return limit != null || requests == null ? limit : requests.get("memory");
  }

  private static ObjectMeta metadata(
      RayNode node, String name, Map<String, String> labels, Map<String, String> annotations) {
    ObjectMeta user =
        node.template().getMetadata() == null ? new ObjectMeta() : node.template().getMetadata();
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(node.cluster().getMetadata().getNamespace())
        .withLabels(labels(node, user, labels))
        .withAnnotations(annotations(node, user, annotations))
        .withFinalizers(user.getFinalizers())
        .withOwnerReferences(Identity.owner(node.cluster()))
        .build();
  }

  /**
   * The user's labels beside ours. By ours the operator and its services find a pod, so that nobody
   * can change them; but a template may change the application's name, which its service follows.
   */
  private static Map<String, String> labels(
      RayNode node, ObjectMeta user, Map<String, String> more) {
    Map<String, String> own =
        Identity.labels(
            node.cluster().getMetadata().getName(),
            node.head() ? RayLabels.HEAD : RayLabels.WORKER);
    own.put(RayLabels.IS_RAY_NODE, "yes");
    own.put(RayLabels.GROUP, node.group());
    own.putAll(more);
    if (node.serves()) {
      // A worker's readiness says whether it takes requests; a head's is found out later.
      own.put(RayLabels.SERVE, node.head() ? "false" : "true");
    }
    Map<String, String> labels = new LinkedHashMap<>(node.settings().defaults().labels());
    labels.putAll(own);
    labels.putAll(user.getLabels());
    labels.putAll(node.labels());
    labels.putAll(own);
    String application = user.getLabels().get(RayLabels.APP_NAME);
    if (application != null) {
      labels.put(RayLabels.APP_NAME, application);
    }
    return labels;
  }

  private static Map<String, String> annotations(
      RayNode node, ObjectMeta user, Map<String, String> own) {
    Map<String, String> annotations = new LinkedHashMap<>(node.settings().defaults().annotations());
    annotations.putAll(user.getAnnotations());
    annotations.putAll(own);
    if (node.overwritesCommand()) {
      annotations.put(RayLabels.OVERWRITE_COMMAND, "true");
    }
    return annotations;
  }

  private RayPod() {}
}
