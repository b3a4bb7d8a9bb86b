package dev.spray.operator.pods;

import dev.spray.api.HeadPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.stream.Stream;

/** The container in which Ray runs: the user's, with command, environment, port and probes. */
final class RayContainer {

  static Container of(RayNode node) {
    Container user = node.container();
    String rayStart = RayStart.command(node);
    ContainerBuilder container =
        new ContainerBuilder(user).withEnv(RayEnvironment.of(node, rayStart));
    String own = ownCommand(user);
    if (!node.keepsOwnCommand() && !own.contains("ray start")) {
      container.withCommand(node.settings().shell()).withArgs(script(own, rayStart));
    }
    if (user.getPorts().stream().noneMatch(port -> "metrics".equals(port.getName()))) {
      container.addNewPort().withName("metrics").withContainerPort(HeadPorts.METRICS).endPort();
    }
    if (node.settings().probes()) {
      if (user.getLivenessProbe() == null) {
        container.withLivenessProbe(Probes.liveness(node));
      }
      if (user.getReadinessProbe() == null) {
        container.withReadinessProbe(Probes.readiness(node));
      }
    }
    return container.build();
  }

  /** The user's command, if any, runs before Ray in the same shell. */
  private static String script(String own, String rayStart) {
    return (own.isEmpty() ? "" : own + " && ")
        + "ulimit -n ${RAY_START_ULIMIT_OPEN_FILES:-65536}; "
        + rayStart;
  }

  /** Command and arguments, with a space on each side of every word, as KubeRay writes them. */
  private static String ownCommand(Container user) {
    StringBuilder command = new StringBuilder();
    Stream.concat(user.getCommand().stream(), user.getArgs().stream())
        .forEach(word -> command.append(' ').append(word).append(' '));
    return command.toString();
  }

  private RayContainer() {}
}
