package dev.spray.cli.kube;

import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A pod of a Ray cluster, as far as people ask about it.
 *
 * @param name of the pod
 * @param group name of its worker group; {@code headgroup} for the head
 * @param head whether it is the head
 * @param node where it runs; null while it is not scheduled
 * @param ready whether Ray in it is ready
 * @param status one word, for example {@code Running}, {@code Pending}, {@code ImagePullBackOff}
 * @param detail what Kubernetes says of why it isn't running; empty when it says nothing
 * @param image the one that is waited for, else the Ray container's
 * @param gpus that it asks for; {@code 0} without
 * @param selector the node labels that it asks for
 * @param created when, RFC 3339
 */
public record RayPod(
    String name,
    String group,
    boolean head,
    String node,
    boolean ready,
    String status,
    String detail,
    String image,
    String gpus,
    Map<String, String> selector,
    String created) {

  /** Reads one. */
  public static RayPod of(Pod pod) {
    Map<String, String> labels =
        pod.getMetadata().getLabels() == null ? Map.of() : pod.getMetadata().getLabels();
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    Word word = word(pod, status);
    return new RayPod(
        pod.getMetadata().getName(),
        labels.getOrDefault(RayLabels.GROUP, ""),
        RayLabels.HEAD.equals(labels.get(RayLabels.NODE_TYPE)),
        pod.getSpec().getNodeName(),
        condition(status, "Ready", "True") != null
            && pod.getMetadata().getDeletionTimestamp() == null,
        word.status(),
        word.detail() == null ? "" : word.detail(),
        word.image() == null ? pod.getSpec().getContainers().getFirst().getImage() : word.image(),
        gpus(pod),
        pod.getSpec().getNodeSelector() == null ? Map.of() : pod.getSpec().getNodeSelector(),
        pod.getMetadata().getCreationTimestamp());
  }

  /** Reads all of a cluster, the head first. */
  public static List<RayPod> all(List<Pod> pods) {
    return pods.stream()
        .map(RayPod::of)
        .sorted(Comparator.comparing(RayPod::head).reversed().thenComparing(RayPod::name))
        .toList();
  }

  private record Word(String status, String detail, String image) {}

  private static Word word(Pod pod, PodStatus status) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return new Word("Terminating", null, null);
    }
    PodCondition unscheduled = condition(status, "PodScheduled", "False");
    if (unscheduled != null) {
      return new Word(
          "Unschedulable".equals(unscheduled.getReason()) ? "Unschedulable" : "Pending",
          unscheduled.getMessage(),
          null);
    }
    List<ContainerStatus> containers = new ArrayList<>();
    containers.addAll(status.getInitContainerStatuses());
    containers.addAll(status.getContainerStatuses());
    for (ContainerStatus container : containers) {
      Word stuck = stuck(container);
      if (stuck != null) {
        return stuck;
      }
    }
    String phase = status.getPhase() == null ? "Pending" : status.getPhase();
    return new Word(
        status.getReason() != null && !phase.equals("Running") ? status.getReason() : phase,
        status.getMessage(),
        null);
  }

  private static Word stuck(ContainerStatus container) {
    ContainerState state = container.getState();
    if (state == null) {
      return null;
    }
    if (state.getWaiting() != null && state.getWaiting().getReason() != null) {
      String last =
          container.getLastState() != null && container.getLastState().getTerminated() != null
              ? container.getLastState().getTerminated().getReason()
              : null;
      String message = state.getWaiting().getMessage();
      return new Word(
          state.getWaiting().getReason(),
          "OOMKilled".equals(last) ? "the container ran out of memory" : message,
          container.getImage());
    }
    if (state.getTerminated() != null
        && !Integer.valueOf(0).equals(state.getTerminated().getExitCode())) {
      return new Word(
          state.getTerminated().getReason() == null ? "Failed" : state.getTerminated().getReason(),
          "container " + container.getName() + " ended with " + state.getTerminated().getExitCode(),
          container.getImage());
    }
    return null;
  }

  private static PodCondition condition(PodStatus status, String type, String value) {
    return status.getConditions().stream()
        .filter(
            condition -> type.equals(condition.getType()) && value.equals(condition.getStatus()))
        .findFirst()
        .orElse(null);
  }

  private static String gpus(Pod pod) {
    var resources = pod.getSpec().getContainers().getFirst().getResources();
    if (resources == null || resources.getLimits() == null) {
      return "0";
    }
    return resources.getLimits().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/gpu"))
        .map(entry -> entry.getValue().toString())
        .findFirst()
        .orElse("0");
  }
}
