package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeAffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where all pods of a cluster may lie.
 *
 * @param nodeSelector labels that a node must have
 * @param preferred labels that it had better have
 * @param isolation how it is kept for one Ray pod
 * @param streams whether it is to stream images
 */
record Placing(
    Map<String, String> nodeSelector,
    Map<String, String> preferred,
    Isolation isolation,
    boolean streams) {
  private static final int STRONGEST = 100;

  static Placing of(
      PlatformSpec platform, PlatformConfiguration configuration, List<String> problems) {
    PlatformPlacement said =
        platform.placement() == null ? PlatformPlacement.NOTHING : platform.placement();
    PlacementRules rules = configuration.placement();
    Map<String, String> selector = new LinkedHashMap<>();
    Map<String, String> preferred = Map.of();
    String streaming =
        Optional.ofNullable(said.imageStreaming())
            .or(() -> Optional.ofNullable(rules.imageStreaming()))
            .orElse(PlatformPlacement.OFF);
    if (said.computeClass() != null && !said.computeClass().isEmpty()) {
      computeClass(said, rules, problems)
          .ifPresent(label -> selector.put(label, said.computeClass()));
    } else if (streaming.equals(PlatformPlacement.REQUIRED)) {
      if (rules.streamingNodes().isEmpty()) {
        problems.add(
            "spec.platform.placement.imageStreaming: this platform has no nodes that stream images,"
                + " so that Required can't be; possible are Preferred and Off"
                + streamingClasses(rules));
      }
      selector.putAll(rules.streamingNodes());
    } else if (streaming.equals(PlatformPlacement.PREFERRED)) {
      preferred = rules.streamingNodes();
    }
    return new Placing(
        selector, preferred, isolation(said, rules), streams(said, rules, streaming));
  }

  private static Isolation isolation(PlatformPlacement said, PlacementRules rules) {
    String wanted =
        Optional.ofNullable(said.nodeIsolation())
            .or(() -> Optional.ofNullable(rules.nodeIsolation()))
            .orElse(PlatformPlacement.NONE);
    boolean byItsClass =
        rules
            .computeClass(said.computeClass())
            .filter(PlacementRules.ComputeClass::isolates)
            .isPresent();
    return wanted.equals(PlatformPlacement.ONE_RAY_POD_PER_NODE) && !byItsClass
        ? Isolation.by(rules)
        : Isolation.NONE;
  }

  private static boolean streams(PlatformPlacement said, PlacementRules rules, String streaming) {
    boolean wanted = !streaming.equals(PlatformPlacement.OFF);
    if (said.computeClass() == null || said.computeClass().isEmpty()) {
      return wanted;
    }
    return wanted
        && rules
            .computeClass(said.computeClass())
            .filter(PlacementRules.ComputeClass::imageStreaming)
            .isPresent();
  }

  private static String streamingClasses(PlacementRules rules) {
    List<String> classes =
        rules.computeClasses().entrySet().stream()
            .filter(entry -> entry.getValue().imageStreaming())
            .map(Map.Entry::getKey)
            .toList();
    return classes.isEmpty() ? "" : ", or computeClass " + String.join(", ", classes);
  }

  /** The label that selects a class; the class decides whether images are streamed. */
  private static Optional<String> computeClass(
      PlatformPlacement said, PlacementRules rules, List<String> problems) {
    String at = "spec.platform.placement.computeClass: ";
    String name = said.computeClass();
    PlacementRules.ComputeClass known = rules.computeClasses().get(name);
    if (rules.computeClassLabel() == null) {
      problems.add(at + "this platform has no compute classes: remove it");
      return Optional.empty();
    }
    if (known == null && !rules.computeClasses().isEmpty()) {
      problems.add(
          String.format(
              "%sthere is no %s; possible are %s",
              at, name, String.join(", ", rules.computeClasses().keySet())));
    } else if (PlatformPlacement.REQUIRED.equals(said.imageStreaming())
        && (known == null || !known.imageStreaming())) {
      problems.add(
          String.format(
              "spec.platform.placement.imageStreaming: nobody says that the nodes of class %s stream"
                  + " images, so that Required can't be; possible are Preferred and Off%s",
              name, streamingClasses(rules)));
    }
    return Optional.of(rules.computeClassLabel());
  }

  /** As a pod has it; null: it has no rule. */
  Affinity affinity() {
    if (preferred.isEmpty() && !isolation.byAntiAffinity()) {
      return null;
    }
    return new AffinityBuilder()
        .withNodeAffinity(preferred.isEmpty() ? null : streaming())
        .withPodAntiAffinity(isolation.antiAffinity())
        .build();
  }

  private NodeAffinity streaming() {
    List<NodeSelectorRequirement> labels =
        preferred.entrySet().stream()
            .map(label ->
                new NodeSelectorRequirementBuilder()
                    .withKey(label.getKey())
                    .withOperator("In")
                    .withValues(label.getValue())
                    .build())
            .toList();
    return new NodeAffinityBuilder()
        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
        .withWeight(STRONGEST)
        .withNewPreference()
        .withMatchExpressions(labels)
        .endPreference()
        .endPreferredDuringSchedulingIgnoredDuringExecution()
        .build();
  }
}
