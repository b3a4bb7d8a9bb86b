package dev.spray.operator.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** The {@code ray start} command of a pod: the user's parameters, completed from its resources. */
final class RayStart {
  /** Flags for which Ray wants a value where others are switches. */
  private static final Set<String> WITH_VALUE =
      Set.of("log-color", "include-dashboard", "include-log-monitor");

  private static final JsonMapper JSON = new JsonMapper();
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
    Map<String, Quantity> custom = new TreeMap<>();
    CUSTOM_RESOURCES.forEach((key, rayName) -> {
      if (isPositive(limits.get(key))) {
        custom.put(rayName, limits.get(key));
      }
    });
    if (!custom.isEmpty()) {
      params.put("resources", withCustom(params.get("resources"), custom));
    }
  }

  /**
   * The user's {@code resources} with the counted ones added where the user named none.
   *
   * @param user JSON in the quotes that keep it one word for the shell; null: none
   */
  private static String withCustom(String user, Map<String, Quantity> custom) {
    String json = user == null ? "{}" : user.replaceAll("^['\"]|['\"]$", "").replace("\\\"", "\"");
    try {
      ObjectNode resources = (ObjectNode) JSON.readTree(json);
      custom.forEach((name, amount) -> {
        if (!resources.has(name)) {
          resources.put(name, Long.parseLong(wholeUnits(amount)));
        }
      });
      return "'" + resources + "'";
    } catch (JsonProcessingException | ClassCastException e) {
      // Ray will say what is wrong with it better than we can.
      return user;
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
