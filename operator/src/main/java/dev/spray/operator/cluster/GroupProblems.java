package dev.spray.operator.cluster;

import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what is wrong with the head or with a worker group by itself; pure. */
final class GroupProblems {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
  private static final int MAX_PORT = 65535;
  private static final int MAX_DIGITS = 30;
  private static final int LONGEST_QUOTE = 80;

  /** Flags of {@code ray start}, without the dashes before them. */
  private static final Pattern FLAG = Pattern.compile("[A-Za-z0-9][-_A-Za-z0-9]*");

  /** What Kubernetes takes for a label's name, and for its value. */
  private static final Pattern LABEL_PREFIX =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern LABEL_NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private final List<String> problems = new ArrayList<>();
  private final String where;

  private GroupProblems(String where) {
    this.where = where;
  }

  /** Of the head. */
  static List<String> of(HeadGroupSpec head) {
    GroupProblems found = new GroupProblems("spec.headGroupSpec");
    found.template(head.template());
    found.params(head.rayStartParams(), head.resources());
    found.resources(head.resources());
    found.labels(head.labels());
    return found.problems;
  }

  /** Of a worker group. */
  static List<String> of(WorkerGroupSpec group) {
    GroupProblems found =
        new GroupProblems("spec.workerGroupSpecs[%s]".formatted(group.groupName()));
    found.bounds(group);
    found.template(group.template());
    found.params(group.rayStartParams(), group.resources());
    found.resources(group.resources());
    found.labels(group.labels());
    return found.problems;
  }

  private void bounds(WorkerGroupSpec group) {
    int min = group.minReplicas() == null ? 0 : group.minReplicas();
    int max = group.maxReplicas() == null ? Integer.MAX_VALUE : group.maxReplicas();
    int replicas = group.replicas() == null ? 0 : group.replicas();
    if (min < 0 || max < 0 || replicas < 0) {
      add(": replicas, minReplicas and maxReplicas must not be negative");
    } else if (min > max) {
      add(
          ": minReplicas %d is greater than maxReplicas %d: lower the one or raise the other"
              .formatted(min, max));
    }
    if (group.hosts() < 1) {
      add(".numOfHosts is %d: a replica has one pod at least".formatted(group.hosts()));
    }
  }

  private void template(PodTemplateSpec template) {
    if (template == null
        || template.getSpec() == null
        || template.getSpec().getContainers().isEmpty()) {
      add(".template.spec.containers is empty: its first container is the one that runs Ray");
      return;
    }
    for (Container container : template.getSpec().getContainers()) {
      ResourceRequirements resources = container.getResources();
      if (resources != null) {
        String path = ".template.spec.containers[%s].resources".formatted(container.getName());
        amounts(path + ".requests", resources.getRequests());
        amounts(path + ".limits", resources.getLimits());
      }
    }
  }

  private void amounts(String path, Map<String, Quantity> amounts) {
    if (amounts != null) {
      amounts.forEach((resource, amount) -> amount(path + "." + resource, amount));
    }
  }

  private void resources(Map<String, String> resources) {
    new TreeMap<>(resources)
        .forEach((resource, amount) -> {
          if (amount.isEmpty()) {
            add(".resources.%s is empty: write an amount as 500m, 2 or 4Gi".formatted(resource));
          } else {
            amount(".resources." + resource, new Quantity(amount));
          }
        });
  }

  private void amount(String path, Quantity amount) {
    if (!isAmount(amount)) {
      add(
          "%s is '%s': write an amount as 500m, 2 or 4Gi"
              .formatted(path, shortened(amount.toString())));
    }
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

  private void params(Map<String, String> params, Map<String, String> resources) {
    if (params.containsKey("labels")) {
      add(".rayStartParams.labels isn't taken: write the labels into %s.labels".formatted(where));
    }
    List<String> doubled =
        Stream.of("memory", "num-cpus", "num-gpus", "resources")
            .filter(name -> !params.getOrDefault(name, "").isEmpty())
            .toList();
    if (!resources.isEmpty() && !doubled.isEmpty()) {
      add(
          ".resources doesn't go with %s in rayStartParams: move them to resources"
              .formatted(String.join(", ", doubled)));
    }
    new TreeMap<>(params).forEach(this::param);
  }

  private void param(String name, String value) {
    String path = ".rayStartParams." + shortened(name);
    if (!FLAG.matcher(name).matches()) {
      add(path + " is no flag of ray start: write its name alone, without dashes before it");
    } else if (isPort(name) && !isPortNumber(value)) {
      add(
          "%s is '%s': it must be a port number from 1 to %d"
              .formatted(path, shortened(value), MAX_PORT));
    } else {
      ShellWord.complaint(value)
          .ifPresent(
              complaint -> add("%s is %s, and %s".formatted(path, shown(name, value), complaint)));
    }
  }

  /** Conditions and Events are read by more people than a password is for. */
  private static String shown(String name, String value) {
    return name.contains("password") ? "hidden here" : shortened(value);
  }

  private static boolean isPort(String param) {
    return param.equals("port") || param.equals("dashboard-agent-listen-port");
  }

  private static boolean isPortNumber(String value) {
    return NUMBER.matcher(value).matches()
        && Integer.parseInt(value) >= 1
        && Integer.parseInt(value) <= MAX_PORT;
  }

  private void labels(Map<String, String> labels) {
    new TreeMap<>(labels)
        .forEach((name, value) -> {
          if (!isLabelName(name)) {
            add(
                ".labels has the name '%s': write at most 63 letters, digits, '-', '_' and '.',"
                        .formatted(shortened(name))
                    + " with a DNS name and '/' before them if you like");
          }
          if (!value.isEmpty() && !LABEL_NAME.matcher(value).matches()) {
            add(
                ".labels[%s] is '%s': write at most 63 letters, digits, '-', '_' and '.', the first"
                        .formatted(shortened(name), shortened(value))
                    + " and last of them a letter or digit");
          }
        });
  }

  private static boolean isLabelName(String name) {
    int slash = name.indexOf('/');
    return LABEL_NAME.matcher(name.substring(slash + 1)).matches()
        && (slash < 0 || LABEL_PREFIX.matcher(name.substring(0, slash)).matches());
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
  }

  private void add(String problem) {
    problems.add(where + problem);
  }
}
