package dev.spray.operator.cluster;

import dev.spray.api.RayVersion;
import dev.spray.api.raycluster.AutoscalerOptions;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what Ray's autoscaler can't do, or two versions of it would do differently; pure. */
final class AutoscalerProblems {
  private static final String VERSION_2_VARIABLE = "RAY_enable_autoscaler_v2";
  private static final String START_COMMAND_VARIABLE = "KUBERAY_GEN_AUTOSCALER_START_CMD";
  private static final Set<String> TRUE = Set.of("1", "true");

  /** Of like warnings: a condition's message has no room for those of a thousand groups. */
  private static final int MOST_WARNINGS = 20;

  private final List<String> problems = new ArrayList<>();
  private final RayClusterSpec spec;
  private final AutoscalerOptions options;
  private final Optional<EnvVar> variable;
  private final boolean version2;

  private AutoscalerProblems(RayClusterSpec spec) {
    this.spec = spec;
    this.options = spec.autoscaler();
    this.variable = Templates.variable(spec.headGroupSpec().template(), VERSION_2_VARIABLE);
    this.version2 = AutoscalerOptions.V2.equals(options.version()) || isTrue(variable);
  }

  static List<String> of(RayClusterSpec spec) {
    AutoscalerProblems found = new AutoscalerProblems(spec);
    found.version();
    found.options();
    spec.workerGroupSpecs().forEach(found::group);
    found.idleTermination();
    return found.problems;
  }

  /**
   * What is carried out all the same, though it hardly does what is meant. KubeRay's rule: it warns
   * of worker groups only, and only where the spec names the version.
   *
   * @return a sentence each, which says what to change
   */
  static List<String> warnings(RayClusterSpec spec) {
    if (!spec.autoscaled() || !AutoscalerOptions.V1.equals(spec.autoscaler().version())) {
      return List.of();
    }
    return spec.workerGroupSpecs().stream()
        .flatMap(group ->
            restarting(group.template()).stream()
                .map(policy ->
                    ("%s.template.spec.restartPolicy is %s, and autoscaler v1 never gives back a"
                            + " worker whose container was started again: set it to Never")
                        .formatted(where(group), policy)))
        .limit(MOST_WARNINGS)
        .toList();
  }

  private static boolean isTrue(Optional<EnvVar> variable) {
    return variable.map(EnvVar::getValue).filter(TRUE::contains).isPresent();
  }

  private void version() {
    if (!spec.autoscaled() && isTrue(variable)) {
      problems.add(
          ("%s in the head's env needs spec.enableInTreeAutoscaling: true; add it, or remove"
                  + " the variable")
              .formatted(VERSION_2_VARIABLE));
    }
    if (spec.autoscaled() && options.version() != null && variable.isPresent()) {
      problems.add(
          "spec.autoscalerOptions.version says which autoscaler runs: remove %s from the head's env"
              .formatted(VERSION_2_VARIABLE));
    }
    if (spec.autoscaled() && AutoscalerOptions.V2.equals(options.version())) {
      restartPolicy("spec.headGroupSpec", spec.headGroupSpec().template());
      for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
        restartPolicy(where(group), group.template());
      }
    }
  }

  private void restartPolicy(String where, PodTemplateSpec template) {
    restarting(template)
        .ifPresent(policy ->
            problems.add(
                ("%s.template.spec.restartPolicy is %s, and autoscaler v2 replaces pods, not"
                        + " containers: remove it, or set it to Never")
                    .formatted(where, policy)));
  }

  /** The policy, if it is said and has containers started again in their pod. */
  private static Optional<String> restarting(PodTemplateSpec template) {
    return Optional.ofNullable(Templates.spec(template).getRestartPolicy())
        .filter(policy -> !policy.isEmpty() && !policy.equals("Never"));
  }

  private void options() {
    if (options.idleTimeoutSeconds() != null && options.idleTimeoutSeconds() < 0) {
      problems.add("spec.autoscalerOptions.idleTimeoutSeconds must not be negative");
    }
    if (options.env().stream().anyMatch(e -> START_COMMAND_VARIABLE.equals(e.getName()))) {
      problems.add(
          "%s is set by the operator: remove it from spec.autoscalerOptions.env"
              .formatted(START_COMMAND_VARIABLE));
    }
  }

  private void group(WorkerGroupSpec group) {
    if (group.suspended() && spec.autoscaled()) {
      problems.add(
          ("%s.suspend doesn't go with spec.enableInTreeAutoscaling, as Ray's autoscaler"
                  + " would start the pods again: remove one of them")
              .formatted(where(group)));
    }
    if (group.idleTimeoutSeconds() != null) {
      if (group.idleTimeoutSeconds() < 0) {
        problems.add(where(group) + ".idleTimeoutSeconds must not be negative");
      }
      needsVersion2(where(group) + ".idleTimeoutSeconds");
    }
    if (group.priority() != null && group.priority() != 0) {
      needsVersion2(where(group) + ".priority");
      if (RayVersion.of(spec.rayVersion()).filter(v -> v.isAtLeast(2, 56)).isEmpty()) {
        problems.add(
            ("%s.priority needs Ray 2.56 or later: write the images' version into"
                    + " spec.rayVersion, or remove it")
                .formatted(where(group)));
      }
    }
  }

  private void needsVersion2(String field) {
    if (!version2) {
      problems.add(
          "%s is for Ray's autoscaler v2: set spec.autoscalerOptions.version: v2, or remove it"
              .formatted(field));
    }
  }

  private void idleTermination() {
    if (spec.idleTerminationOptions() == null) {
      return;
    }
    if (!spec.autoscaled() || AutoscalerOptions.V1.equals(options.version())) {
      problems.add(
          "spec.idleTerminationOptions is carried out by Ray's autoscaler v2: set"
              + " enableInTreeAutoscaling: true and autoscalerOptions.version: v2, or remove it");
    }
    if (RayVersion.of(spec.rayVersion()).filter(v -> !v.isAtLeast(2, 60)).isPresent()) {
      problems.add(
          "spec.idleTerminationOptions needs Ray 2.60 or later: use such images and write"
              + " their version into spec.rayVersion, or remove it");
    }
  }

  private static String where(WorkerGroupSpec group) {
    return "spec.workerGroupSpecs[%s]".formatted(group.groupName());
  }
}
