package dev.spray.operator.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spray.api.HeadPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The {@code ray start} command of a pod: the user's parameters, completed from what the user says
 * of the node and from its resources. A shell runs it: a parameter is written as it is, so that
 * {@code $NAME} in it becomes the value of that variable.
 */
final class RayStart {
  /** Flags for which Ray wants a value where others are switches. */
  private static final Set<String> WITH_VALUE =
      Set.of("log-color", "include-dashboard", "include-log-monitor");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private static final Pattern MIG = Pattern.compile("nvidia\\.com/mig-\\d+g\\.\\d+gb");

  /** Container resources that Ray counts under a name of its own. */
  private static final SortedMap<String, String> ACCELERATORS =
      new TreeMap<>(Map.of("aws.amazon.com/neuroncore", "neuron_cores", "google.com/tpu", "TPU"));

  /** The command of a node, with a space on each side of every flag, as KubeRay writes it. */
  static String command(RayNode node) {
    Map<String, String> params = new TreeMap<>(node.params());
    addResourcesOfNode(params, node.resources());
    if (!node.labels().isEmpty()) {
      params.put("labels", labels(node.labels()));
    }
    if (node.head()) {
      params.putIfAbsent("dashboard-host", "0.0.0.0");
    } else {
      params.putIfAbsent("address", node.gcsAddress());
    }
    if (node.withAutoscaler()) {
      // The autoscaler in the head's own container doesn't know Kubernetes.
      params.put("no-monitor", "true");
    }
    params.putIfAbsent("metrics-export-port", HeadPorts.METRICS + "");
    params.putIfAbsent("dashboard-agent-listen-port", node.agentPort() + "");
    // Without it `ray start` returns and the container ends.
    params.put("block", "true");
    addResourcesOfContainer(params, node.container());
    return (node.head() ? "ray start --head " : "ray start ") + rendered(params);
  }

  private static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }

  private static void addResourcesOfNode(
      Map<String, String> params, Map<String, String> resources) {
    Map<String, BigDecimal> custom = new TreeMap<>();
    new TreeMap<>(resources)
        .forEach((name, text) -> {
          Quantity amount = new Quantity(text);
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.equals("cpu")) {
            params.put("num-cpus", wholeUnits(amount));
          } else if (lower.equals("memory")) {
            params.put("memory", wholeUnits(amount));
          } else if (isGpu(lower)) {
            params.put("num-gpus", wholeUnits(amount));
          } else {
            custom.put(name, amount.getNumericalAmount());
          }
        });
    if (!custom.isEmpty()) {
      params.put("resources", json(custom));
    }
  }

  private static void addResourcesOfContainer(Map<String, String> params, Container ray) {
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
    ACCELERATORS.keySet().stream()
        .filter(key -> isPositive(limits.get(key)))
        .findFirst()
        .ifPresent(key -> addAccelerator(params, ACCELERATORS.get(key), limits.get(key)));
  }

  /** Counts one accelerator, unless the user's {@code resources} count any. */
  private static void addAccelerator(Map<String, String> params, String name, Quantity amount) {
    amounts(params.getOrDefault("resources", "{}"))
        .filter(user -> user.keySet().stream().noneMatch(ACCELERATORS.values()::contains))
        .ifPresent(user -> {
          user.put(name, amount.getNumericalAmount());
          params.put("resources", json(user));
        });
  }

  /**
   * What the user's {@code resources} count; modifiable. Empty when they can't be read: Ray will
   * say what is wrong with them better than we can.
   */
  private static Optional<Map<String, BigDecimal>> amounts(String word) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    try {
      JsonNode tree = JSON.readTree(unquoted(word));
      for (var resource : tree.properties()) {
        // As Ray counts.
        double amount = resource.getValue().asDouble(Double.NaN);
        if (!Double.isFinite(amount)) {
          return Optional.empty();
        }
        amounts.put(resource.getKey(), BigDecimal.valueOf(amount));
      }
      return tree.isObject() ? Optional.of(amounts) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The JSON of a text in the quotes that keep it one word for the shell. */
  private static String unquoted(String word) {
    return word.replaceAll("^['\"` ]+|['\"` ]+$", "").replace("\\\"", "\"");
  }

  /** One word for the shell. */
  private static String json(Map<String, BigDecimal> amounts) {
    Map<String, BigDecimal> plain = new TreeMap<>();
    amounts.forEach((name, amount) -> plain.put(name, amount.stripTrailingZeros()));
    try {
      return "'" + JSON.writeValueAsString(plain).replace("'", "\\u0027") + "'";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of numbers is JSON", e);
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
