package dev.spray.operator.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.operator.pods.PodDefaults;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.NetworkSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's configuration file: YAML, KubeRay's {@code Configuration} of {@code
 * config.ray.io/v1alpha1}. What it says stands above the flags.
 *
 * @param apiVersion {@link #API_VERSION}
 * @param kind {@link #KIND}
 * @param enableLeaderElection as the flag
 * @param leaderElectionNamespace as the flag
 * @param watchNamespace as the flag: names separated by commas
 * @param defaultContainerEnvs variables of every Ray container that doesn't have them
 * @param defaultPodLabels labels of every Ray pod that doesn't have them
 * @param defaultPodAnnotations likewise annotations
 * @param headSidecarContainers containers beside every head
 * @param workerSidecarContainers containers beside every worker
 * @param metricsScrapers not KubeRay's: who may read metrics through network policies
 * @param batchScheduler as the flag
 * @param enableBatchScheduler as the flag
 */
public record Configuration(
    String apiVersion,
    String kind,
    Boolean enableLeaderElection,
    String leaderElectionNamespace,
    String watchNamespace,
    List<EnvVar> defaultContainerEnvs,
    Map<String, String> defaultPodLabels,
    Map<String, String> defaultPodAnnotations,
    List<Container> headSidecarContainers,
    List<Container> workerSidecarContainers,
    List<NetworkPolicyPeer> metricsScrapers,
    String batchScheduler,
    Boolean enableBatchScheduler) {

  public static final String API_VERSION = "config.ray.io/v1alpha1";
  public static final String KIND = "Configuration";

  /** Nothing said. */
  public static final Configuration NONE =
      new Configuration(
          API_VERSION, KIND, null, null, null, null, null, null, null, null, null, null, null);

  private static final Logger log = LoggerFactory.getLogger(Configuration.class);

  /** Fields of KubeRay's that mean nothing to this operator. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "burst",
          "deleteRayJobAfterJobFinishes",
          "enableMetrics",
          "logFile",
          "logFileEncoder",
          "logStdoutEncoder",
          "metricsAddr",
          "probeAddr",
          "qps",
          "reconcileConcurrency",
          "useKubernetesProxy");

  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException when it is no such file; says what is wrong
   * @throws IOException when it can't be read
   */
  public static Configuration read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException when it is no such text; says what is wrong
   */
  public static Configuration parse(String yaml) {
    JsonNode tree;
    try {
      tree = Serialization.unmarshal(yaml, JsonNode.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it is not YAML: " + e.getMessage(), e);
    }
    if (!(tree instanceof ObjectNode fields)
        || !API_VERSION.equals(fields.path("apiVersion").asText())
        || !KIND.equals(fields.path("kind").asText())) {
      throw new IllegalArgumentException(
          "it must have apiVersion: %s and kind: %s".formatted(API_VERSION, KIND));
    }
    List<String> ignored = WITHOUT_EFFECT.stream().filter(fields::has).sorted().toList();
    if (!ignored.isEmpty()) {
      log.warn("What the configuration says of {} has no effect in this operator", ignored);
      fields.remove(ignored);
    }
    try {
      Configuration configuration = STRICT.treeToValue(fields, Configuration.class);
      configuration.check();
      return configuration;
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(path(e) + ": " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** Pods that are made with it would be refused one by one. */
  private void check() {
    named("defaultContainerEnvs", defaultContainerEnvs, EnvVar::getName);
    named("headSidecarContainers", headSidecarContainers, Container::getName);
    named("workerSidecarContainers", workerSidecarContainers, Container::getName);
    complete("defaultPodLabels", defaultPodLabels);
    complete("defaultPodAnnotations", defaultPodAnnotations);
  }

  private static <T> void named(String field, List<T> entries, Function<T, String> name) {
    for (int i = 0; entries != null && i < entries.size(); i++) {
      T entry = entries.get(i);
      if (entry == null || name.apply(entry) == null || name.apply(entry).isEmpty()) {
        throw new IllegalArgumentException("%s[%d] has no name".formatted(field, i));
      }
    }
  }

  private static void complete(String field, Map<String, String> entries) {
    if (entries != null) {
      entries.forEach((key, value) -> {
        if (value == null) {
          throw new IllegalArgumentException(
              "%s.%s has no value: write \"\" for an empty one".formatted(field, key));
        }
      });
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step ->
            step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  /** The namespaces to watch, none of them for all; empty when the file doesn't say. */
  public Optional<Set<String>> watchNamespaces() {
    return Optional.ofNullable(watchNamespace)
        .map(names ->
            Stream.of(names.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet()));
  }

  /**
   * Who takes part in the traffic of every cluster.
   *
   * @param operator the operator's own pods
   */
  public NetworkSettings network(Optional<NetworkPolicyPeer> operator) {
    return new NetworkSettings(
        operator, metricsScrapers == null ? List.of() : metricsScrapers, List.of());
  }

  /**
   * What the options say about pods.
   *
   * @param environment the operator's own variables; among them KubeRay's switches
   */
  public PodSettings pods(Map<String, String> environment) {
    String domain = environment.getOrDefault("CLUSTER_DOMAIN", "");
    return new PodSettings(
        Versions.operator(),
        domain.isEmpty() ? PodSettings.CLUSTER_DOMAIN : domain,
        "true".equalsIgnoreCase(environment.get("ENABLE_LOGIN_SHELL")),
        !"false".equalsIgnoreCase(environment.get("ENABLE_PROBES_INJECTION")),
        !"false".equalsIgnoreCase(environment.get("ENABLE_INIT_CONTAINER_INJECTION")),
        new PodDefaults(
            defaultContainerEnvs,
            defaultPodLabels,
            defaultPodAnnotations,
            headSidecarContainers,
            workerSidecarContainers));
  }
}
