package dev.spray.api.platform;

import dev.spray.api.HeadPorts;
import dev.spray.api.raycluster.AuthOptions;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a workspace adds to the head pod: a container that has Ray's image, its sockets and its
 * object store, and one before it that brings the tools.
 *
 * <p>The container is a sidecar in Kubernetes' sense, an init container that goes on: the kubelet
 * starts it again also in a pod whose others run once, and the pod's end doesn't wait for it. It
 * has no probes: until they have passed once Ray's container wouldn't start, and when they fail
 * later the pod would count as unready, though Ray is well.
 *
 * @param cluster name of the cluster
 * @param size of the container
 * @param security of every container
 */
record WorkspaceParts(
    String cluster, Workspace workspace, String toolsImage, Size size, SecurityContext security) {
  /** The operator's names, which it would give them for the autoscaler. */
  private static final String RAY_FILES = "ray-logs";

  private static final String SHARED_MEMORY = "shared-mem";

  private static final String TOOLS = "workspace-tools";
  private static final String HOME = "workspace-home";
  private static final String TOKEN = "workspace-token";
  private static final String TOKEN_PATH = "/var/run/secrets/sp-ray.dev/workspace";

  /** Where the container that brings the tools puts them; at their own place it has its own. */
  private static final String TOOLS_TARGET = "/target";

  /** To copy files takes no more. */
  private static final Size COPYING = new Size(new Quantity("100m"), new Quantity("128Mi"));

  /**
   * The pod with them.
   *
   * @param group whom a volume belongs to, so that the container's user can write on it
   */
  PodSpec addTo(PodSpec head, Long group) {
    Container ray = head.getContainers().get(0);
    PodSpecBuilder pod =
        new PodSpecBuilder(head)
            .addToInitContainers(bringTools(), container(ray))
            .addToVolumes(
                emptyDir(TOOLS),
                home(),
                token(),
                emptyDir(RAY_FILES),
                sharedMemory(ray.getResources().getLimits().get("memory")))
            .setToContainers(
                0,
                new ContainerBuilder(ray)
                    .addToVolumeMounts(
                        mount(RAY_FILES, "/tmp/ray"), mount(SHARED_MEMORY, "/dev/shm"))
                    .build());
    return workspace.homeSize().isEmpty()
        ? pod.build()
        : pod.editOrNewSecurityContext()
            .withFsGroup(group)
            // A home may have very many files.
            .withFsGroupChangePolicy("OnRootMismatch")
            .endSecurityContext()
            .build();
  }

  private Container bringTools() {
    return new ContainerBuilder()
        .withName(TOOLS)
        .withImage(toolsImage)
        .withCommand(Workspace.TOOLS + "/bin/copy-to", TOOLS_TARGET)
        .withVolumeMounts(mount(TOOLS, TOOLS_TARGET))
        .withNewResources()
        .addToRequests("cpu", COPYING.cpu())
        .addToRequests("memory", COPYING.memory())
        .addToLimits("memory", COPYING.memory())
        .endResources()
        .withSecurityContext(security)
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .build();
  }

  private Container container(Container ray) {
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(Workspace.CONTAINER)
            .withImage(ray.getImage())
            .withRestartPolicy("Always")
            .withCommand(Workspace.TOOLS + "/bin/workspace")
            .withArgs(arguments())
            .addNewEnv()
            .withName("HOME")
            .withValue(Workspace.HOME)
            .endEnv()
            .addNewEnv()
            .withName("RAY_ADDRESS")
            .withValue("127.0.0.1:" + HeadPorts.GCS)
            .endEnv()
            .withWorkingDir(Workspace.HOME)
            .withNewResources()
            .addToRequests("cpu", size.cpu())
            .addToRequests("memory", size.memory())
            .addToLimits("memory", size.memory())
            .endResources()
            .withVolumeMounts(
                mount(TOOLS, Workspace.TOOLS),
                mount(HOME, Workspace.HOME),
                mount(TOKEN, TOKEN_PATH),
                mount(RAY_FILES, "/tmp/ray"),
                mount(SHARED_MEMORY, "/dev/shm"))
            .withSecurityContext(security)
            .withTerminationMessagePolicy("FallbackToLogsOnError");
    if (workspace.notebook()) {
      port(container, "notebook", Workspace.NOTEBOOK_PORT);
    }
    if (workspace.vscode()) {
      port(container, "vscode", Workspace.VSCODE_PORT);
    }
    return container.build();
  }

  /** The token itself is none of them: arguments stand in pods and process lists. */
  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--token-file=" + TOKEN_PATH + "/" + AuthOptions.SECRET_KEY);
    if (workspace.notebook()) {
      arguments.add("--notebook=" + Workspace.NOTEBOOK_PORT);
    }
    if (workspace.vscode()) {
      arguments.add("--vscode=" + Workspace.VSCODE_PORT);
    }
    if (workspace.tutorials()) {
      arguments.add("--tutorials");
    }
    return arguments;
  }

  private Volume home() {
    return workspace.homeSize().isEmpty()
        ? emptyDir(HOME)
        : new VolumeBuilder()
            .withName(HOME)
            .withNewPersistentVolumeClaim(Workspace.claimName(cluster), null)
            .build();
  }

  /** Optional, so that the head starts whatever has become of it: the workspace waits for it. */
  private Volume token() {
    return new VolumeBuilder()
        .withName(TOKEN)
        .withNewSecret()
        .withSecretName(Workspace.secretName(cluster))
        .withOptional(true)
        .endSecret()
        .build();
  }

  /** As large as the operator makes it: it counts against Ray's memory. */
  private static Volume sharedMemory(Quantity limit) {
    return new VolumeBuilder()
        .withName(SHARED_MEMORY)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(limit)
        .endEmptyDir()
        .build();
  }

  private static Volume emptyDir(String name) {
    return new VolumeBuilder().withName(name).withEmptyDir(new EmptyDirVolumeSource()).build();
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(isReadOnly(volume, path) ? Boolean.TRUE : null)
        .build();
  }

  private static boolean isReadOnly(String volume, String path) {
    return volume.equals(TOKEN) || path.equals(Workspace.TOOLS);
  }

  private static void port(ContainerBuilder container, String name, int number) {
    container.addNewPort().withName(name).withContainerPort(number).withProtocol("TCP").endPort();
  }
}
