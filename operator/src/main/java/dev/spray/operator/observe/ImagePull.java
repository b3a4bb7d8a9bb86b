package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long a pod waited for an image at the most. The kubelet tells of pulls in Events alone, which
 * nobody watches; but it starts one container after the other. So the pull lies between the start
 * of the first one with the image, and the time at which the one before let go, or at which the
 * kubelet took the pod. (The condition PodReadyToStartContainers, which lies between as well, is
 * later than the pull up to Kubernetes 1.35.)
 *
 * @param image its reference
 * @param seconds whole ones; of a pod's first container with its volumes and its network
 */
public record ImagePull(String image, int seconds) {

  /** Of the image of that container; empty: not known yet, or not any more after a restart. */
  static Optional<ImagePull> of(Pod pod, Container ray) {
    PodStatus status = pod.getStatus();
    if (status == null || status.getStartTime() == null || ray.getImage() == null) {
      return Optional.empty();
    }
    Instant before = Instant.parse(status.getStartTime());
    for (Container container : inOrder(pod.getSpec()).toList()) {
      Optional<Span> span =
          Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
              .flatMap(statuses -> statuses.stream())
              .filter(s -> s.getName().equals(container.getName()))
              .findFirst()
              .flatMap(ImagePull::first);
      if (span.isEmpty()) {
        return Optional.empty();
      }
      if (ray.getImage().equals(container.getImage())) {
        return between(before, span.get().started())
            .map(seconds -> new ImagePull(ray.getImage().intern(), seconds));
      }
      before = span.get().letGo();
    }
    return Optional.empty();
  }

  /** A container that could not be started has started in 1970. */
  private static Optional<Integer> between(Instant before, Instant start) {
    return start.isBefore(before)
        ? Optional.empty()
        : Optional.of(Math.toIntExact(Duration.between(before, start).toSeconds()));
  }

  private static Stream<Container> inOrder(PodSpec spec) {
    return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream());
  }

  /**
   * What a container did the first time.
   *
   * @param letGo when the next one could be started: at its end, if it has one
   */
  private record Span(Instant started, Instant letGo) {}

  private static Optional<Span> first(ContainerStatus container) {
    ContainerState state = container.getState();
    boolean restarted = container.getRestartCount() != null && container.getRestartCount() > 0;
    if (restarted || state == null) {
      return Optional.empty();
    }
    if (state.getRunning() != null && state.getRunning().getStartedAt() != null) {
      Instant started = Instant.parse(state.getRunning().getStartedAt());
      return Optional.of(new Span(started, started));
    }
    return Optional.ofNullable(state.getTerminated())
        .filter(ended -> ended.getStartedAt() != null && ended.getFinishedAt() != null)
        .map(ended ->
            new Span(Instant.parse(ended.getStartedAt()), Instant.parse(ended.getFinishedAt())));
  }
}
