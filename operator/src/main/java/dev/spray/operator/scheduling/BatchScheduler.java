package dev.spray.operator.scheduling;

import dev.spray.api.scheduling.CoschedulingPodGroup;
import dev.spray.api.scheduling.VolcanoPodGroup;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Who schedules the pods of all clusters, under the names that KubeRay's option has. */
public enum BatchScheduler {
  /** Whom the templates name. */
  NONE("", "", null),
  VOLCANO("volcano", "volcano", VolcanoPodGroup.class),
  YUNIKORN("yunikorn", "yunikorn", null),
  /** Coscheduling of kubernetes-sigs/scheduler-plugins. */
  SCHEDULER_PLUGINS("scheduler-plugins", "scheduler-plugins-scheduler", CoschedulingPodGroup.class),
  KAI("kai-scheduler", "kai-scheduler", null);

  private final String option;
  private final String schedulerName;
  private final Class<? extends HasMetadata> podGroup;

  BatchScheduler(String option, String schedulerName, Class<? extends HasMetadata> podGroup) {
    this.option = option;
    this.schedulerName = schedulerName;
    this.podGroup = podGroup;
  }

  /** The one that an option names; empty when there is none of that name. */
  public static Optional<BatchScheduler> named(String option) {
    return Arrays.stream(values()).filter(scheduler -> scheduler.option.equals(option)).findFirst();
  }

  /** The names that an option may have. */
  public static List<String> names() {
    return Arrays.stream(values())
        .map(scheduler -> scheduler.option)
        .filter(option -> !option.isEmpty())
        .toList();
  }

  /** The kind by which it is told how many pods belong together; a CRD of its own brings it. */
  public Optional<Class<? extends HasMetadata>> podGroup() {
    return Optional.ofNullable(podGroup);
  }

  /** What pods name it by. */
  String schedulerName() {
    return schedulerName;
  }
}
