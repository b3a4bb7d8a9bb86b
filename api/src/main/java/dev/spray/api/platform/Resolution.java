package dev.spray.api.platform;

import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.AutoscalerOptions;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import java.util.List;

/** What becomes of {@code spec.platform}. */
public sealed interface Resolution {

  /**
   * The fields of a plain spec that follow from it. What is null is not written: the user has said
   * it, or nothing needs to be.
   *
   * @param rayVersion of the image
   * @param head the head
   * @param groups the worker groups
   * @param enableInTreeAutoscaling true where a group has bounds
   * @param autoscalerOptions of Ray's autoscaler
   * @param authOptions who may talk to the cluster
   * @param image of all pods
   * @param warnings what the user should know of it, in sentences with their remedies
   */
  record Resolved(
      String rayVersion,
      HeadGroupSpec head,
      List<WorkerGroupSpec> groups,
      Boolean enableInTreeAutoscaling,
      AutoscalerOptions autoscalerOptions,
      AuthOptions authOptions,
      ImageChoice image,
      List<String> warnings)
      implements Resolution {

    public Resolved {
      groups = List.copyOf(groups);
      warnings = List.copyOf(warnings);
    }

    /** The same, with what a spec has in the fields beside the groups that aren't written. */
    public Resolved keeping(RayClusterSpec spec) {
      return new Resolved(
          rayVersion == null ? spec.rayVersion() : rayVersion,
          head,
          groups,
          enableInTreeAutoscaling == null
              ? spec.enableInTreeAutoscaling()
              : enableInTreeAutoscaling,
          autoscalerOptions == null ? spec.autoscalerOptions() : autoscalerOptions,
          authOptions == null ? spec.authOptions() : authOptions,
          image,
          warnings);
    }
  }

  /**
   * Nothing can be made of it.
   *
   * @param problems sentences that say what is possible
   */
  record Refused(List<String> problems) implements Resolution {

    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
