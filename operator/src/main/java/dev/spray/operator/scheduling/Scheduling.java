package dev.spray.operator.scheduling;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.scheduling.CoschedulingPodGroup;
import dev.spray.api.scheduling.VolcanoPodGroup;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.Child;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a batch scheduler wants of one cluster. */
public final class Scheduling {
  /** On a RayCluster, with any value: its pods start together or not at all. */
  private static final String GANG = "ray.io/gang-scheduling-enabled";

  private static final String PRIORITY_CLASS = "ray.io/priority-class-name";
  private static final String KAI_QUEUE = "kai.scheduler/queue";
  private static final String COSCHEDULING_GROUP = "scheduling.x-k8s.io/pod-group";
  private static final String VOLCANO_QUEUE = "volcano.sh/queue-name";
  private static final String VOLCANO_GROUP = "scheduling.k8s.io/group-name";
  private static final String VOLCANO_TASK = "volcano.sh/task-spec";
  private static final String TOPOLOGY_MODE = "volcano.sh/network-topology-mode";
  private static final String TOPOLOGY_TIER = "volcano.sh/network-topology-highest-tier-allowed";
  private static final String YUNIKORN = "yunikorn.apache.org/";

  /** Where {@code kubectl apply} keeps the RayCluster's manifest. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final BatchScheduler scheduler;
  private final RayCluster cluster;
  private final Gang gang;
  private String taskGroups;

  /**
   * Of one cluster.
   *
   * @param settings how its pods are made
   * @param decorate what they get where their templates are silent
   */
  public Scheduling(
      BatchScheduler scheduler,
      RayCluster cluster,
      PodSettings settings,
      UnaryOperator<Pod> decorate) {
    this.scheduler = scheduler;
    this.cluster = cluster;
    this.gang = new Gang(cluster, settings, decorate);
  }

  /** A pod of the cluster as the scheduler is to find it. */
  public Pod mark(Pod pod) {
    if (scheduler == BatchScheduler.NONE) {
      return pod;
    }
    String group = pod.getMetadata().getLabels().get(RayLabels.GROUP);
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    switch (scheduler) {
      case VOLCANO -> {
        copy(VOLCANO_QUEUE, labels, VOLCANO_QUEUE);
        copy(PRIORITY_CLASS, labels, PRIORITY_CLASS);
        annotations.put(VOLCANO_GROUP, podGroupOfVolcano());
        annotations.put(VOLCANO_TASK, group);
      }
      case YUNIKORN -> {
        copy(YUNIKORN + "app-id", labels, "applicationId");
        copy(YUNIKORN + "queue", labels, "queue");
        if (isGang()) {
          annotations.put(YUNIKORN + "task-groups", taskGroups());
          annotations.put(YUNIKORN + "task-group-name", group);
        }
      }
      case SCHEDULER_PLUGINS -> {
        if (isGang()) {
          labels.put(COSCHEDULING_GROUP, cluster.getMetadata().getName());
        }
      }
      case KAI -> copy(KAI_QUEUE, labels, KAI_QUEUE);
      case NONE -> {}
    }
    return new PodBuilder(pod)
        .editMetadata()
        .addToLabels(labels)
        .addToAnnotations(annotations)
        .endMetadata()
        .editSpec()
        .withSchedulerName(scheduler.schedulerName())
        .endSpec()
        .build();
  }

  /** What the cluster has for it beside its pods. */
  public List<Child> children() {
    return podGroup().map(group -> Child.of(group, "group of its pods")).stream().toList();
  }

  private Optional<HasMetadata> podGroup() {
    return switch (scheduler) {
      case VOLCANO -> isOfRayJob() ? Optional.empty() : Optional.of(volcano());
      case SCHEDULER_PLUGINS -> isGang() ? Optional.of(coscheduling()) : Optional.empty();
      case NONE, YUNIKORN, KAI -> Optional.empty();
    };
  }

  private HasMetadata volcano() {
    VolcanoPodGroup group = new VolcanoPodGroup();
    group.setMetadata(Child.metadata(cluster, podGroupOfVolcano()));
    Map<String, String> annotations = new LinkedHashMap<>();
    if (cluster.getMetadata().getAnnotations() != null) {
      annotations.putAll(cluster.getMetadata().getAnnotations());
    }
    annotations.remove(LAST_APPLIED);
    group.getMetadata().setAnnotations(annotations);
    group.setSpec(
        new VolcanoPodGroup.Spec(
            gang.members(),
            gang.requests(),
            label(VOLCANO_QUEUE).orElse(null),
            label(PRIORITY_CLASS).orElse(null),
            label(TOPOLOGY_MODE)
                .map(mode ->
                    new VolcanoPodGroup.NetworkTopology(
                        mode, label(TOPOLOGY_TIER).map(Scheduling::number).orElse(null)))
                .orElse(null)));
    return group;
  }

  private HasMetadata coscheduling() {
    CoschedulingPodGroup group = new CoschedulingPodGroup();
    group.setMetadata(Child.metadata(cluster, cluster.getMetadata().getName()));
    group.setSpec(new CoschedulingPodGroup.Spec(gang.members(), gang.requests()));
    return group;
  }

  /** The pods of a RayJob are in the group that is made for the whole job. */
  private String podGroupOfVolcano() {
    return "ray-%s-pg"
        .formatted(
            isOfRayJob()
                ? label(RayLabels.ORIGINATED_FROM_NAME).orElse(cluster.getMetadata().getName())
                : cluster.getMetadata().getName());
  }

  private boolean isOfRayJob() {
    return label(RayLabels.ORIGINATED_FROM_CRD).filter("RayJob"::equals).isPresent();
  }

  private boolean isGang() {
    Map<String, String> labels = cluster.getMetadata().getLabels();
    return labels != null && labels.containsKey(GANG);
  }

  /** The user's, or those of the cluster as it is; the same for all its pods of one pass. */
  private String taskGroups() {
    if (taskGroups == null) {
      Map<String, String> annotations = cluster.getMetadata().getAnnotations();
      String own = annotations == null ? null : annotations.get(YUNIKORN + "task-groups");
      taskGroups = own == null || own.isEmpty() ? gang.taskGroups() : own;
    }
    return taskGroups;
  }

  private void copy(String from, Map<String, String> labels, String to) {
    label(from).ifPresent(value -> labels.put(to, value));
  }

  /** A label of the cluster that is not empty. */
  private Optional<String> label(String key) {
    return Optional.ofNullable(cluster.getMetadata().getLabels())
        .map(labels -> labels.get(key))
        .filter(value -> !value.isEmpty());
  }

  private static Object number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
