package dev.spray.api.platform;

import dev.spray.api.HeadPorts;
import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodAntiAffinityBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod says so that its node has no other Ray pod.
 *
 * @param byAntiAffinity whether it shuns them by their label
 * @param hostPort port of the node that each of them takes, so that there is no second one; null:
 *     none
 */
public record Isolation(boolean byAntiAffinity, Integer hostPort) {
  /** Name of the port that is the node's, too. */
  public static final String PORT = "one-per-node";

  /** Nothing. */
  static final Isolation NONE = new Isolation(false, null);

  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** As a platform's rules have it. */
  static Isolation by(PlacementRules rules) {
    String by = rules.isolatedBy() == null ? PlacementRules.ANTI_AFFINITY : rules.isolatedBy();
    return switch (by) {
      case PlacementRules.HOST_PORT -> new Isolation(false, rules.hostPort());
      case PlacementRules.SIZE -> NONE;
      default -> new Isolation(true, null);
    };
  }

  /** Null: it shuns nobody. */
  PodAntiAffinity antiAffinity() {
    return byAntiAffinity
        ? new PodAntiAffinityBuilder()
            .withRequiredDuringSchedulingIgnoredDuringExecution(otherRayPods())
            .build()
        : null;
  }

  /** Over all namespaces: an absent selector would mean the pod's own. */
  public static PodAffinityTerm otherRayPods() {
    return new PodAffinityTermBuilder()
        .withNewLabelSelector()
        .addToMatchLabels(RayLabels.IS_RAY_NODE, "yes")
        .endLabelSelector()
        .withNamespaceSelector(new LabelSelector())
        .withTopologyKey(HOSTNAME)
        .build();
  }

  /** The node's port; of UDP, as Ray listens on none: whoever finds it reaches nothing. */
  Optional<ContainerPort> port() {
    return Optional.ofNullable(hostPort)
        .map(number ->
            new ContainerPortBuilder()
                .withName(PORT)
                .withContainerPort(number)
                .withHostPort(number)
                .withProtocol("UDP")
                .build());
  }

  /** A head that names one port has to name all: its service offers those that are named. */
  List<ContainerPort> headPorts() {
    List<ContainerPort> ports = new ArrayList<>();
    port()
        .ifPresent(own -> {
          HeadPorts.BY_NAME.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .forEach(port ->
                  ports.add(
                      new ContainerPortBuilder()
                          .withName(port.getKey())
                          .withContainerPort(port.getValue())
                          .withProtocol("TCP")
                          .build()));
          ports.add(own);
        });
    return ports;
  }
}
