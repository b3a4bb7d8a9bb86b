package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.operator.plan.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code ReplicaFailure} says of a pass' failures, and whether it said so before; pure. */
final class ReportedFailures {
  /** Enough for what a quota or a webhook says; more of them fit into one condition. */
  private static final int LONGEST = 1000;

  private static final String CUT = "...";

  /** Whether there are any to tell. */
  static boolean areIn(List<Outcome> outcomes) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.failure().stream())
        .anyMatch(failure -> failure.kind() != Outcome.Kind.TRANSIENT);
  }

  /**
   * The words of all, each once.
   *
   * @param failed that are to be told
   */
  static String words(List<Outcome> failed) {
    return Conditions.shortened(
        failed.stream()
            .map(outcome -> cut(outcome.failure().get().message()))
            .distinct()
            .collect(Collectors.joining("; ")));
  }

  /**
   * Whether a failure has had its Event: it stands in the status, or there was no room for more.
   *
   * @param before conditions of the status before the pass
   */
  static boolean isTold(Outcome.Failure failure, List<Condition> before) {
    return Conditions.find(before, ConditionTypes.REPLICA_FAILURE)
        .map(Condition::getMessage)
        .filter(told -> told.contains(cut(failure.message())) || told.endsWith(CUT))
        .isPresent();
  }

  private static String cut(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + CUT;
  }

  private ReportedFailures() {}
}
