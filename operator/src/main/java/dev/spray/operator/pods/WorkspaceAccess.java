package dev.spray.operator.pods;

import dev.spray.api.platform.Workspace;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.List;

/** What the workspace beside a head needs to speak to Ray, as Ray's own containers do. */
final class WorkspaceAccess {

  /** Whether a container of the template is the workspace. */
  static boolean isFor(Container container, RayNode node) {
    return node.head()
        && Workspace.CONTAINER.equals(container.getName())
        && Workspace.of(node.cluster().getSpec().platform()).isPresent();
  }

  static Container of(Container workspace, RayNode node) {
    List<EnvVar> env = new ArrayList<>(workspace.getEnv());
    Authentication.addTo(env, node.cluster());
    Encryption.addTo(env, node);
    Container with = new ContainerBuilder(workspace).withEnv(env).build();
    return Encryption.mountIn(Authentication.mountIn(with, node.cluster()), node);
  }

  private WorkspaceAccess() {}
}
