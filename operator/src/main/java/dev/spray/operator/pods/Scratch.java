package dev.spray.operator.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;

/**
 * A directory that lives as long as its pod.
 *
 * @param volume name of its volume, which the user's template may have already
 * @param path where containers have it
 */
record Scratch(String volume, String path) {
  /** Ray's object store: a container's own {@code /dev/shm} is too small for it. */
  static final Scratch SHARED_MEMORY = new Scratch("shared-mem", "/dev/shm");

  /** What Ray and its autoscaler write; the head shows the autoscaler's part of it. */
  static final Scratch LOGS = new Scratch("ray-logs", "/tmp/ray");

  /** Whether the user mounted nothing there. */
  boolean isMissingIn(Container container) {
    return container.getVolumeMounts().stream()
        .noneMatch(mount -> path.equals(mount.getMountPath()));
  }

  /** What the container has mounted there, the user's or {@link #mountIn}'s. */
  VolumeMount in(Container container) {
    return container.getVolumeMounts().stream()
        .filter(mount -> path.equals(mount.getMountPath()))
        .findFirst()
        .orElseThrow();
  }

  Container mountIn(Container container) {
    return new ContainerBuilder(container)
        .addNewVolumeMount()
        .withName(volume)
        .withMountPath(path)
        .endVolumeMount()
        .build();
  }

  /** Adds the volume, unless there is one of that name. */
  void addTo(PodSpecBuilder pod, EmptyDirVolumeSource source) {
    if (!pod.hasMatchingVolume(other -> volume.equals(other.getName()))) {
      pod.addNewVolume().withName(volume).withEmptyDir(source).endVolume();
    }
  }
}
