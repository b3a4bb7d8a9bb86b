package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.apply.SpecWriter;
import dev.spray.operator.observe.ClusterObserver;
import dev.spray.operator.plan.Outcome;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;

/**
 * Sees to it that a spec is complete and without fault before anything else is done. What is wrong
 * with a short one is told before anything of it is written.
 */
final class SpecReconciler {
  private final SpecWriter writer;

  SpecReconciler(SpecWriter writer) {
    this.writer = writer;
  }

  /** How a spec stands. */
  sealed interface Result {

    /**
     * It is complete, and can be carried out.
     *
     * @param warnings what the user should know of what the platform makes of the cluster
     */
    record Good(List<String> warnings) implements Result {}

    /** It was completed just now: the pass ends, for the next one to see it whole. */
    record Written() implements Result {}

    /**
     * It can't be carried out.
     *
     * @param isTriedAgain whether it may be let through later as it is
     */
    record Bad(List<Problem> problems, boolean isTriedAgain) implements Result {}
  }

  /**
   * Completes a spec where it is short, and judges it.
   *
   * @throws PassIncomplete if writing it failed, and is to be tried again soon
   */
  Result complete(RayCluster cluster, Context<RayCluster> context, PlatformInForce platform) {
    return switch (Completion.of(cluster, platform)) {
      case Completion.Nothing(var warnings) ->
          judged(ClusterProblems.of(cluster), new Result.Good(warnings), false);
      case Completion.Refused(var problems) -> new Result.Bad(problems, false);
      case Completion.Needed needed -> {
        List<Problem> problems = ClusterProblems.of(needed.completed());
        yield judged(
            problems.isEmpty() ? write(cluster, context, needed) : problems,
            new Result.Written(),
            true);
      }
    };
  }

  private static Result judged(List<Problem> problems, Result without, boolean isTriedAgain) {
    return problems.isEmpty() ? without : new Result.Bad(problems, isTriedAgain);
  }

  /** Why it can't be written, if only another spec or somebody's leave would mend that. */
  private List<Problem> write(
      RayCluster cluster, Context<RayCluster> context, Completion.Needed needed) {
    SpecWriter.Written written =
        writer.write(cluster, needed.fields(), needed.groupsGone(), needed.reason());
    written.cluster().ifPresent(now -> ClusterObserver.written(now, cluster, context));
    if (written.failure().filter(f -> f.kind() == Outcome.Kind.TRANSIENT).isPresent()) {
      throw new PassIncomplete();
    }
    return written.failure().stream()
        .map(f -> new Problem(needed.reason().failed(), f.message()))
        .toList();
  }
}
