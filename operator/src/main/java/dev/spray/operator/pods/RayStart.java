package dev.spray.operator.pods;

import dev.spray.operator.resources.RayPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The {@code ray start} command of a pod: the user's parameters, completed from its resources. */
final class RayStart {
  /** Flags for which Ray wants a value where others are switches. */
  private static final Set<String> WITH_VALUE =
      Set.of("log-color", "include-dashboard", "include-log-monitor");

  private static final Pattern MIG = Pattern.compile("nvidia\\.com/mig-\\d+g\\.\\d+gb");

  /** Container resources that Ray counts under a name of its own. */
  private static final Map<String, String> CUSTOM_RESOURCES =
      Map.of("aws.amazon.com/neuroncore", "neuron_cores", "google.com/tpu", "TPU");

  /** The command of a node, with a space on each side of every flag, as KubeRay writes it. */
  static String command(RayNode node) {
    Map<String, String> params = new TreeMap<>(node.params());
    if (node.head()) {
      params.putIfAbsent("dashboard-host", "0.0.0.0");
    } else {
      params.putIfAbsent("address", node.gcsAddress());
    }
    params.putIfAbsent("metrics-export-port", RayPorts.METRICS + "");
    params.putIfAbsent("dashboard-agent-listen-port", node.agentPort());
    // Without it `ray start` returns and the container ends.
    params.put("block", "true");
    addResources(params, node.container());
    return (node.head() ? "ray start --head " : "ray start ") + rendered(params);
  }

  private static void addResources(Map<String, String> params, Container ray) {
    ResourceRequirements resources =
        ray.getResources() == null ? new ResourceRequirements() : ray.getResources();
    Map<String, Quantity> limits = orEmpty(resources.getLimits());
    Quantity cpu = limits.getOrDefault("cpu", orEmpty(resources.getRequests()).get("cpu"));
    if (isPositive(cpu)) {
      params.putIfAbsent("num-cpus", wholeUnits(cpu));
    }
    if (isPositive(limits.get("memory"))) {
      params.putIfAbsent("memory", wholeUnits(limits.get("memory")));
    }
    limits.keySet().stream()
        .filter(RayStart::isGpu)
        .filter(key -> isPositive(limits.get(key)))
        .sorted()
        .findFirst()
        .ifPresent(key -> params.putIfAbsent("num-gpus", wholeUnits(limits.get(key))));
    String custom =
        new TreeMap<>(CUSTOM_RESOURCES)
            .entrySet().stream()
                .filter(entry -> isPositive(limits.get(entry.getKey())))
                .map(e -> "\"" + e.getValue() + "\":" + wholeUnits(limits.get(e.getKey())))
                .collect(Collectors.joining(","));
    if (!custom.isEmpty()) {
      params.putIfAbsent("resources", "'{" + custom + "}'");
    }
  }

  private static String rendered(Map<String, String> params) {
    StringBuilder command = new StringBuilder();
    params.forEach((key, value) -> {
      boolean isSwitch = !WITH_VALUE.contains(key);
      if (isSwitch && "true".equalsIgnoreCase(value)) {
        command.append(" --").append(key).append(' ');
      } else if (!(isSwitch && "false".equalsIgnoreCase(value))) {
        command.append(" --").append(key).append('=').append(value).append(' ');
      }
    });
    return command.toString();
  }

  private static boolean isGpu(String resource) {
    return resource.endsWith("gpu") || MIG.matcher(resource).matches();
  }

  private static boolean isPositive(Quantity quantity) {
    return quantity != null && quantity.getNumericalAmount().signum() > 0;
  }

  private static String wholeUnits(Quantity quantity) {
    BigDecimal amount = quantity.getNumericalAmount();
    return amount.setScale(0, RoundingMode.CEILING).toPlainString();
  }

  private static Map<String, Quantity> orEmpty(Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }

  private RayStart() {}
}
