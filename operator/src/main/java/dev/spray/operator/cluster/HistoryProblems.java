package dev.spray.operator.cluster;

import dev.spray.api.raycluster.CollectorOptions;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds why a history collector would not start, or not know where to write to; pure. */
final class HistoryProblems {
  private static final String OPTIONS = "spec.historyServerOptions.collectorOptions";
  private static final String CONTAINER = "ray-history-collector";
  private static final String BACKEND = "STORAGE_BACKEND";
  private static final List<String> SET_BY_OPERATOR =
      List.of(
          "POD_IP",
          "FQ_RAY_IP",
          "RAY_CLUSTER_NAME",
          "RAY_CLUSTER_NAMESPACE",
          "RAY_ROLE",
          "OWNER_KIND",
          "OWNER_NAME",
          "EVENTS_PORT");

  private final List<String> problems = new ArrayList<>();

  static List<String> of(RayClusterSpec spec) {
    HistoryProblems found = new HistoryProblems();
    if (spec.historyServerOptions() == null) {
      return List.of();
    }
    if (spec.historyServerOptions().collectorOptions() == null) {
      found.problems.add(OPTIONS + " is missing: give the collector's image and env there");
    } else {
      found.collector(spec.historyServerOptions().collectorOptions());
    }
    found.container("spec.headGroupSpec", spec.headGroupSpec().template());
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      found.container("spec.workerGroupSpecs[%s]".formatted(group.groupName()), group.template());
    }
    return found.problems;
  }

  private void collector(CollectorOptions options) {
    if (options.image() == null || options.image().isEmpty()) {
      problems.add(OPTIONS + ".image is missing: name the collector's image");
    }
    for (String name : SET_BY_OPERATOR) {
      if (Templates.variable(options.env(), name).isPresent()) {
        problems.add("%s is set by the operator: remove it from %s.env".formatted(name, OPTIONS));
      }
    }
    Optional<String> backend =
        Templates.variable(options.env(), BACKEND)
            .map(EnvVar::getValue)
            .filter(value -> !value.isEmpty());
    if (backend.isEmpty()) {
      problems.add("%s.env needs %s with a value: add it".formatted(OPTIONS, BACKEND));
    } else {
      backend(backend.get(), options.env());
    }
  }

  private void backend(String backend, List<EnvVar> env) {
    switch (backend.toUpperCase(Locale.ROOT)) {
      case "GCS" -> needs(backend, env, "GCS_BUCKET");
      case "S3" -> needs(backend, env, "S3_REGION");
      case "ALIYUNOSS" -> needs(backend, env, "OSS_BUCKET", "OSS_ENDPOINT", "OSS_REGION");
      case "AZUREBLOB" -> azure(backend, env);
      // Others may know more kinds of stores than this operator.
      default -> {}
    }
  }

  private void azure(String backend, List<EnvVar> env) {
    String mode =
        Templates.variable(env, "AZURE_STORAGE_AUTH_MODE")
            .map(EnvVar::getValue)
            .orElse("")
            .strip()
            .toLowerCase(Locale.ROOT);
    switch (mode) {
      case "connection_string" -> needs(backend, env, "AZURE_STORAGE_CONNECTION_STRING");
      case "workload_identity", "default" -> needs(backend, env, "AZURE_STORAGE_ACCOUNT_URL");
      default -> {
        if (!isSet(env, "AZURE_STORAGE_CONNECTION_STRING")
            && !isSet(env, "AZURE_STORAGE_ACCOUNT_URL")) {
          problems.add(
              ("%s.env needs AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT_URL for"
                      + " %s %s: add one of them")
                  .formatted(OPTIONS, BACKEND, backend));
        }
      }
    }
  }

  private void needs(String backend, List<EnvVar> env, String... names) {
    Stream.of(names)
        .filter(name -> !isSet(env, name))
        .forEach(name ->
            problems.add(
                "%s.env needs %s for %s %s: add it".formatted(OPTIONS, name, BACKEND, backend)));
  }

  private static boolean isSet(List<EnvVar> env, String name) {
    return Templates.variable(env, name)
        .filter(e -> e.getValueFrom() != null || (e.getValue() != null && !e.getValue().isEmpty()))
        .isPresent();
  }

  private void container(String where, PodTemplateSpec template) {
    if (Templates.spec(template).getContainers().stream()
        .anyMatch(c -> CONTAINER.equals(c.getName()))) {
      problems.add(
          ("%s.template has a container %s, which is the operator's name for the collector:"
                  + " rename yours")
              .formatted(where, CONTAINER));
    }
  }
}
