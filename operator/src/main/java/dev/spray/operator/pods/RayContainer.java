package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.operator.resources.RayPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The container in which Ray runs: the user's, with command, environment, port and probes. */
final class RayContainer {
  private static final List<String> SHELL = List.of("/bin/bash", "-c", "--");

  static Container of(RayNode node, PodSettings settings) {
    Container user = node.container();
    String rayStart = RayStart.command(node);
    ContainerBuilder container =
        new ContainerBuilder(user).withEnv(RayEnvironment.of(node, rayStart, settings));
    if (!keepsOwnCommand(node)) {
      container.withCommand(SHELL).withArgs(script(user, rayStart));
    }
    if (user.getPorts().stream().noneMatch(port -> "metrics".equals(port.getName()))) {
      container.addNewPort().withName("metrics").withContainerPort(RayPorts.METRICS).endPort();
    }
    if (user.getLivenessProbe() == null) {
      container.withLivenessProbe(Probes.liveness(node));
    }
    if (user.getReadinessProbe() == null) {
      container.withReadinessProbe(Probes.readiness(node));
    }
    return container.build();
  }

  /** The user's command, if any, runs before Ray in the same shell. */
  private static String script(Container user, String rayStart) {
    String own = ownCommand(user);
    return (own.isEmpty() ? "" : own + " && ")
        + "ulimit -n ${RAY_START_ULIMIT_OPEN_FILES:-65536}; "
        + rayStart;
  }

  private static boolean keepsOwnCommand(RayNode node) {
    Map<String, String> annotations = node.cluster().getMetadata().getAnnotations();
    return "true".equals(annotations.get(RayLabels.OVERWRITE_COMMAND))
        || ownCommand(node.container()).contains("ray start");
  }

  private static String ownCommand(Container user) {
    StringBuilder command = new StringBuilder();
    Stream.concat(user.getCommand().stream(), user.getArgs().stream())
        .forEach(word -> command.append(' ').append(word).append(' '));
    return command.toString();
  }

  private RayContainer() {}
}
