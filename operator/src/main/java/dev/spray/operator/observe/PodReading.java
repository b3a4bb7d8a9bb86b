package dev.spray.operator.observe;

import dev.spray.api.RayLabels;
import dev.spray.api.platform.Workspace;
import dev.spray.operator.pods.Host;
import dev.spray.operator.pods.RayDrain;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a pod into an {@link ObservedPod}; pure. */
public final class PodReading {
  /** A variable that only the container has in which Ray runs. */
  private static final String START_COMMAND = "KUBERAY_GEN_RAY_START_CMD";

  /** Of a container that waits for those before it. */
  private static final String WAITS_FOR_INIT = "PodInitializing";

  public static ObservedPod of(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    Optional<PodCondition> ready =
        status.getConditions().stream().filter(c -> "Ready".equals(c.getType())).findFirst();
    Optional<Why> waiting = waiting(status);
    return new ObservedPod(
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        pod.getMetadata().getResourceVersion(),
        RayLabels.HEAD.equals(labels.get(RayLabels.NODE_TYPE)),
        labels.getOrDefault(RayLabels.GROUP, ""),
        index(labels.get(RayLabels.REPLICA_INDEX)),
        host(labels),
        Optional.ofNullable(pod.getMetadata().getCreationTimestamp()).map(Instant::parse),
        Optional.ofNullable(pod.getSpec()).map(PodSpec::getNodeName),
        status.getPhase() == null ? "Pending" : status.getPhase(),
        ready.map(c -> "True".equals(c.getStatus())).orElse(false) || isReadyForRay(pod, ready),
        waiting.map(Why::reason).or(() -> ready.map(PodCondition::getReason)).orElse("Unknown"),
        waiting.map(Why::message).or(() -> ready.map(PodCondition::getMessage)).orElse(""),
        Optional.ofNullable(status.getPodIP()),
        pod.getMetadata().getDeletionTimestamp() != null,
        Optional.ofNullable(pod.getMetadata().getDeletionTimestamp()).map(Instant::parse),
        false,
        drain(pod),
        revision(pod),
        pull(pod),
        workspace(status).map(PodReading::sidecar),
        failure(pod, status));
  }

  /** As the variable says that Ray reads; absent where Ray may be too old to know it. */
  private static Optional<Duration> drain(Pod pod) {
    if (pod.getSpec() == null || pod.getSpec().getContainers().isEmpty()) {
      return Optional.empty();
    }
    return rayContainer(pod.getSpec().getContainers()).getEnv().stream()
        .filter(variable -> RayDrain.VARIABLE.equals(variable.getName()))
        .reduce((first, last) -> last)
        .flatMap(variable -> RayDrain.timeout(variable.getValue()));
  }

  /** One text for all pods of a revision: there are thousands. */
  private static Optional<String> revision(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(RayLabels.REVISION))
        .map(String::intern);
  }

  private static Optional<ImagePull> pull(Pod pod) {
    return pod.getSpec() == null || pod.getSpec().getContainers().isEmpty()
        ? Optional.empty()
        : ImagePull.of(pod, rayContainer(pod.getSpec().getContainers()));
  }

  private record Why(String reason, String message) {}

  /**
   * What holds the pod up, more telling than its Ready condition: the scheduler's word, else the
   * first container that waits or has ended.
   */
  private static Optional<Why> waiting(PodStatus status) {
    Optional<Why> unscheduled =
        status.getConditions().stream()
            .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
            .findFirst()
            .map(c -> new Why(orElse(c.getReason(), "Unschedulable"), orElse(c.getMessage(), "")));
    return unscheduled.or(() -> heldUp(status));
  }

  /** A workspace says so only while others wait for it, and in no other words than that. */
  private static Optional<Why> heldUp(PodStatus status) {
    List<ContainerStatus> all =
        Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
            .flatMap(List::stream)
            .toList();
    List<Why> others = why(all.stream().filter(container -> !isWorkspace(container)));
    List<Why> workspace = why(all.stream().filter(PodReading::isWorkspace));
    return Stream.of(
            others.stream().filter(why -> !why.reason().equals(WAITS_FOR_INIT)),
            workspace.stream().filter(why -> !others.isEmpty()),
            others.stream())
        .flatMap(stream -> stream)
        .findFirst();
  }

  private static List<Why> why(Stream<ContainerStatus> containers) {
    return containers
        .filter(container -> !Boolean.TRUE.equals(container.getReady()))
        .map(ContainerStatus::getState)
        .filter(state -> state != null)
        .flatMap(PodReading::why)
        .toList();
  }

  private static boolean isWorkspace(ContainerStatus container) {
    return Workspace.CONTAINER.equals(container.getName());
  }

  /** It is a sidecar in Kubernetes' sense, and stands among the init containers. */
  private static Optional<ContainerStatus> workspace(PodStatus status) {
    return status.getInitContainerStatuses().stream().filter(PodReading::isWorkspace).findFirst();
  }

  private static Sidecar sidecar(ContainerStatus workspace) {
    ContainerState state =
        workspace.getState() == null ? new ContainerState() : workspace.getState();
    Optional<Why> why = why(state).findFirst();
    return new Sidecar(
        state.getRunning() != null,
        why.map(Why::reason).orElse("Unknown"),
        Stream.of(why.map(Why::message).orElse(""), lastWords(workspace))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; ")));
  }

  /** What it said before it ended, also while it waits to be started again. */
  private static String lastWords(ContainerStatus container) {
    return Stream.of(container.getState(), container.getLastState())
        .filter(state -> state != null && state.getTerminated() != null)
        .map(state -> orElse(state.getTerminated().getMessage(), ""))
        .findFirst()
        .map(String::strip)
        .orElse("");
  }

  /** Whether a workspace alone keeps the pod from being ready: Ray is, and its clients need it. */
  private static boolean isReadyForRay(Pod pod, Optional<PodCondition> ready) {
    List<ContainerStatus> containers =
        pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
    return ready.filter(c -> "ContainersNotReady".equals(c.getReason())).isPresent()
        && workspace(pod.getStatus()).isPresent()
        && containers.size() == pod.getSpec().getContainers().size()
        && containers.stream().allMatch(container -> Boolean.TRUE.equals(container.getReady()));
  }

  private static Stream<Why> why(ContainerState state) {
    if (state.getWaiting() != null && state.getWaiting().getReason() != null) {
      return Stream.of(
          new Why(state.getWaiting().getReason(), orElse(state.getWaiting().getMessage(), "")));
    }
    if (state.getTerminated() != null && state.getTerminated().getReason() != null) {
      return Stream.of(
          new Why(
              state.getTerminated().getReason(), orElse(state.getTerminated().getMessage(), "")));
    }
    return Stream.empty();
  }

  /** KubeRay's rule: the pod has ended, or Ray has ended in it and nobody will start it again. */
  private static Optional<String> failure(Pod pod, PodStatus status) {
    if ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase())) {
      String why = disruption(status).or(() -> Optional.ofNullable(status.getReason())).orElse("");
      return Optional.of(
          "the pod's phase is " + status.getPhase() + (why.isEmpty() ? "" : " (" + why + ")"));
    }
    if (!"Running".equals(status.getPhase())
        || !"Never".equals(pod.getSpec().getRestartPolicy())
        || pod.getSpec().getContainers().isEmpty()) {
      return Optional.empty();
    }
    String ray = rayContainer(pod.getSpec().getContainers()).getName();
    return status.getContainerStatuses().stream()
        .filter(container -> container.getName().equals(ray))
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getTerminated() != null)
        .findFirst()
        .map(state ->
            "the Ray container ended with exit code %d and its restartPolicy is Never"
                .formatted(state.getTerminated().getExitCode()));
  }

  /** The one that was made the first; a webhook may have put another before it. */
  private static Container rayContainer(List<Container> containers) {
    return containers.stream()
        .filter(container ->
            container.getEnv().stream()
                .anyMatch(variable -> START_COMMAND.equals(variable.getName())))
        .findFirst()
        .orElse(containers.getFirst());
  }

  /** Who took the pod away and why: an eviction, a preemption, a node that is no more. */
  private static Optional<String> disruption(PodStatus status) {
    return status.getConditions().stream()
        .filter(c -> "DisruptionTarget".equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst()
        .map(c -> "%s: %s".formatted(c.getReason(), orElse(c.getMessage(), "no message")));
  }

  private static Optional<Host> host(Map<String, String> labels) {
    return Optional.ofNullable(labels.get(RayLabels.REPLICA_NAME))
        .flatMap(replica ->
            index(labels.get(RayLabels.HOST_INDEX)).map(index -> new Host(replica, index)));
  }

  private static Optional<Integer> index(String label) {
    try {
      return Optional.ofNullable(label).map(Integer::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String orElse(String text, String other) {
    return text == null || text.isEmpty() ? other : text;
  }

  private PodReading() {}
}
