package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds what is wrong with a spec; pure. The CRD's schema refuses most of it on arrival, but an
 * object may be older than the schema, or the CRD another one.
 */
final class ClusterProblems {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
  private static final int MAX_PORT = 65535;
  private static final int MAX_DIGITS = 30;

  private final List<Problem> problems = new ArrayList<>();

  /** All problems; empty when the spec can be carried out. */
  static List<Problem> of(RayCluster cluster) {
    ClusterProblems found = new ClusterProblems();
    found.check(cluster.getSpec());
    return List.copyOf(found.problems);
  }

  private void check(RayClusterSpec spec) {
    if (spec != null && spec.unreadable() != null) {
      add(spec.unreadable());
      return;
    }
    if (spec == null || spec.headGroupSpec() == null) {
      add("spec.headGroupSpec is missing: give the head pod's template there");
      return;
    }
    template("spec.headGroupSpec", spec.headGroupSpec().template());
    params("spec.headGroupSpec", spec.headGroupSpec().rayStartParams());
    Set<String> names = new HashSet<>();
    for (WorkerGroupSpec group : spec.workerGroupSpecs()) {
      String where = "spec.workerGroupSpecs[" + group.groupName() + "]";
      if (group.groupName() == null || group.groupName().isEmpty()) {
        add("every entry of spec.workerGroupSpecs needs a groupName");
      } else if (!names.add(group.groupName())) {
        add("two worker groups are called %s: rename one of them".formatted(group.groupName()));
      }
      bounds(where, group);
      template(where, group.template());
      params(where, group.rayStartParams());
    }
  }

  private void bounds(String where, WorkerGroupSpec group) {
    int min = group.minReplicas() == null ? 0 : group.minReplicas();
    int max = group.maxReplicas() == null ? Integer.MAX_VALUE : group.maxReplicas();
    int replicas = group.replicas() == null ? 0 : group.replicas();
    if (min < 0 || max < 0 || replicas < 0) {
      add(where + ": replicas, minReplicas and maxReplicas must not be negative");
    } else if (min > max) {
      add(
          "%s: minReplicas %d is greater than maxReplicas %d: lower the one or raise the other"
              .formatted(where, min, max));
    }
  }

  private void template(String where, PodTemplateSpec template) {
    if (template == null
        || template.getSpec() == null
        || template.getSpec().getContainers().isEmpty()) {
      add(
          where
              + ".template.spec.containers is empty: its first container is the one that runs Ray");
      return;
    }
    for (Container container : template.getSpec().getContainers()) {
      ResourceRequirements resources = container.getResources();
      if (resources != null) {
        String path =
            "%s.template.spec.containers[%s].resources".formatted(where, container.getName());
        amounts(path + ".requests", resources.getRequests());
        amounts(path + ".limits", resources.getLimits());
      }
    }
  }

  private void amounts(String where, Map<String, Quantity> amounts) {
    if (amounts == null) {
      return;
    }
    amounts.forEach((resource, amount) -> {
      if (!isAmount(amount)) {
        add("%s.%s is '%s': write an amount as 500m, 2 or 4Gi".formatted(where, resource, amount));
      }
    });
  }

  /** A number, and one that can be written out: 1e99999999 would fill the memory. */
  private static boolean isAmount(Quantity amount) {
    try {
      BigDecimal number = amount.getNumericalAmount();
      return Math.abs((long) number.precision() - number.scale()) <= MAX_DIGITS;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  private void params(String where, Map<String, String> params) {
    for (String name : List.of("port", "dashboard-agent-listen-port")) {
      String port = params.get(name);
      if (port != null
          && (!NUMBER.matcher(port).matches()
              || Integer.parseInt(port) < 1
              || Integer.parseInt(port) > MAX_PORT)) {
        add(
            "%s.rayStartParams.%s is '%s': it must be a port number from 1 to %d"
                .formatted(where, name, port, MAX_PORT));
      }
    }
  }

  private void add(String message) {
    problems.add(new Problem("InvalidRayClusterSpec", message));
  }

  private ClusterProblems() {}
}
