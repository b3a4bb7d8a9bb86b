package dev.spray.operator.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;

/** {@code /dev/shm} for Ray's object store: a container's own is too small for it. */
final class SharedMemory {
  private static final String PATH = "/dev/shm";
  private static final String VOLUME = "shared-mem";

  /** Whether the pod needs it: not when the user mounted something there or moved the store. */
  static boolean isNeeded(RayNode node) {
    return !node.params().containsKey("plasma-directory")
        && node.container().getVolumeMounts().stream()
            .noneMatch(mount -> PATH.equals(mount.getMountPath()));
  }

  static Container mountIn(Container ray) {
    return new ContainerBuilder(ray)
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(PATH)
        .endVolumeMount()
        .build();
  }

  /** As large as the container's memory: what is in it counts against that. */
  static void addVolume(PodSpecBuilder pod, Container ray) {
    pod.addNewVolume()
        .withName(VOLUME)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(memory(ray.getResources()))
        .endEmptyDir()
        .endVolume();
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

  private SharedMemory() {}
}
