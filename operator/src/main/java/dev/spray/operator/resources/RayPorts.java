package dev.spray.operator.resources;

import dev.spray.api.HeadPorts;
import dev.spray.api.platform.Isolation;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Ports of a head pod, as its service offers them. */
public final class RayPorts {
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,4}");

  /** Name to port of the template's Ray container, or Ray's own; with that of the metrics. */
  public static Map<String, Integer> ofHead(Container ray) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ray.getPorts().stream()
        .sorted(Comparator.comparing(port -> "UDP".equals(port.getProtocol())))
        .filter(port -> !Isolation.PORT.equals(port.getName()))
        // A service offers a number once; of one for TCP and UDP, Ray's is for TCP.
        .filter(port -> !ports.containsValue(port.getContainerPort()))
        .forEach(port -> {
          String name = port.getName();
          boolean unnamed = name == null || name.isEmpty();
          ports.put(unnamed ? port.getContainerPort() + "-port" : name, port.getContainerPort());
        });
    if (ports.isEmpty()) {
      ports.putAll(HeadPorts.BY_NAME);
    }
    if (!ports.containsValue(HeadPorts.METRICS)) {
      ports.putIfAbsent("metrics", HeadPorts.METRICS);
    }
    return ports;
  }

  /** Port on which a head's dashboard listens, as far as the spec says it in a number. */
  public static int ofDashboard(RayCluster cluster) {
    String param =
        cluster.getSpec().headGroupSpec().rayStartParams().getOrDefault("dashboard-port", "");
    if (NUMBER.matcher(param).matches()) {
      return Integer.parseInt(param);
    }
    Container ray =
        cluster.getSpec().headGroupSpec().template().getSpec().getContainers().getFirst();
    return ofHead(ray).getOrDefault("dashboard", HeadPorts.DASHBOARD);
  }

  /**
   * Ports on which a pod offers metrics: Ray's, as far as the spec says it in a number, and what
   * the template calls so, for example {@code as-metrics}.
   */
  static SortedSet<Integer> ofMetrics(PodTemplateSpec template, Map<String, String> params) {
    SortedSet<Integer> ports = new TreeSet<>();
    template.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> port.getName() != null)
        .filter(port -> port.getName().equals("metrics") || port.getName().endsWith("-metrics"))
        .forEach(port -> ports.add(port.getContainerPort()));
    String param = params.getOrDefault("metrics-export-port", "");
    ports.add(NUMBER.matcher(param).matches() ? Integer.parseInt(param) : HeadPorts.METRICS);
    return ports;
  }

  private RayPorts() {}
}
