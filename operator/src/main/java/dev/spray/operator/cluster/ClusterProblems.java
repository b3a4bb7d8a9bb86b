package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what is wrong with a cluster; pure. The CRD's schema refuses most of it on arrival, but an
 * object may be older than the schema, or the CRD another one; and a rule over several parts of the
 * spec is the schema's for new objects only.
 */
final class ClusterProblems {
  /** A condition's message has room for that many, and nobody reads more at once. */
  private static final int MOST = 20;

  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final int LONGEST_NAME = 53;

  /** All problems; empty when the spec can be carried out. */
  static List<Problem> of(RayCluster cluster) {
    List<Problem> problems =
        Stream.concat(
                ofMetadata(cluster).stream()
                    .map(message -> new Problem("InvalidRayClusterMetadata", message)),
                ofSpec(cluster).stream()
                    .map(message -> new Problem("InvalidRayClusterSpec", message)))
            .toList();
    if (problems.size() <= MOST) {
      return problems;
    }
    List<Problem> first = new ArrayList<>(problems.subList(0, MOST));
    first.add(
        new Problem("InvalidRayClusterSpec", "and %d more".formatted(problems.size() - MOST)));
    return List.copyOf(first);
  }

  private static List<String> ofMetadata(RayCluster cluster) {
    String name = cluster.getMetadata().getName();
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches()
        ? List.of()
        : List.of(
            "metadata.name must be at most %d characters of a-z, 0-9 and '-', start with a letter"
                    .formatted(LONGEST_NAME)
                + " and end with a letter or a digit: make a new cluster under such a name");
  }

  private static List<String> ofSpec(RayCluster cluster) {
    RayClusterSpec spec = cluster.getSpec();
    if (spec != null && spec.unreadable() != null) {
      return List.of(spec.unreadable());
    }
    if (spec == null || spec.headGroupSpec() == null) {
      return List.of(
          "spec.headGroupSpec is missing: give the head pod's template there, or write platform: {}"
              + " for a head as this platform has it");
    }
    List<String> problems = new ArrayList<>(GroupProblems.of(spec.headGroupSpec()));
    Set<String> names = new HashSet<>();
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      if (group.groupName() == null || group.groupName().isEmpty()) {
        problems.add("every entry of spec.workerGroupSpecs needs a groupName");
      } else if (!names.add(group.groupName())) {
        problems.add(
            "two worker groups are called %s: rename one of them".formatted(group.groupName()));
      }
      problems.addAll(GroupProblems.of(group));
    }
    problems.addAll(AutoscalerProblems.of(spec));
    problems.addAll(FaultToleranceProblems.of(spec, annotations(cluster)));
    problems.addAll(AccessProblems.of(spec, annotations(cluster)));
    problems.addAll(ServiceProblems.of(cluster));
    problems.addAll(HistoryProblems.of(spec));
    problems.addAll(UpgradeProblems.of(cluster));
    problems.addAll(PlatformProblems.of(spec));
    return problems;
  }

  private static Map<String, String> annotations(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private ClusterProblems() {}
}
