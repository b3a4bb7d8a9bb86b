package dev.spray.operator.cluster;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.SecretKind;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells what a pass did: one Event per kind of action and result, however many objects; pure. */
final class ClusterEvents {
  private static final int NAMES_SHOWN = 5;

  /**
   * The Events of a pass.
   *
   * @param before conditions of the status before the pass: a failure that stands there with the
   *     same words has had its Event
   */
  static List<EventNote> of(List<Outcome> outcomes, List<Condition> before) {
    Map<String, List<Outcome>> byReason =
        outcomes.stream()
            .filter(outcome -> outcome.failure().filter(f -> !isNews(f, before)).isEmpty())
            .filter(outcome -> outcome.failure().isPresent() || isTold(outcome.action()))
            .collect(
                Collectors.groupingBy(
                    ClusterEvents::reason, LinkedHashMap::new, Collectors.toList()));
    return byReason.entrySet().stream()
        .map(entry -> note(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The Event of a spec that can't be carried out, unless it has had one with the same words. */
  static List<EventNote> ofProblems(List<Problem> problems, List<Condition> before) {
    String note = String.join("; ", problems.stream().map(Problem::message).toList());
    return ofValidation(problems.getFirst().reason(), note, before);
  }

  /**
   * The Event of a spec that is carried out with warnings, unless it has had one, as above. While
   * something worse stands in their place they wait: they couldn't be remembered.
   */
  static List<EventNote> ofWarnings(
      List<String> warnings, List<Condition> before, List<Condition> after) {
    String note = String.join("; ", warnings);
    return warnings.isEmpty() || !isTold(note, after)
        ? List.of()
        : ofValidation("InvalidRayClusterSpec", note, before);
  }

  /** The Event of a cluster on which another operator works too. */
  static EventNote ofContest() {
    String note =
        "another operator, KubeRay most likely, has written the status of this cluster since sp-ray"
            + " took it over: sp-ray leaves it alone for %d minutes. Let only one of them watch"
                .formatted(Contest.PAUSE.toMinutes())
            + " this namespace";
    return new EventNote(true, "AnotherOperatorAtWork", "Reconcile", note);
  }

  /**
   * The Events of conditions that have just changed.
   *
   * @param cluster as it was before
   */
  static List<EventNote> ofConditions(RayCluster cluster, List<Condition> after) {
    return Stream.of(ofStop(Conditions.of(cluster), after), ofExpiry(cluster, after))
        .flatMap(List::stream)
        .toList();
  }

  /** The Event of a rolling update that has just stopped. */
  private static List<EventNote> ofStop(List<Condition> before, List<Condition> after) {
    return stop(before).isPresent()
        ? List.of()
        : stop(after)
            .map(condition ->
                new EventNote(true, "RollingUpdateStopped", "Update", condition.getMessage()))
            .stream()
            .toList();
  }

  /**
   * The Event of a warning that has just been given, or was just taken away. Of a cluster that is
   * suspended it has come true, or doesn't matter.
   */
  private static List<EventNote> ofExpiry(RayCluster cluster, List<Condition> after) {
    Optional<Condition> old = Conditions.find(Conditions.of(cluster), ConditionTypes.EXPIRING);
    Optional<Condition> now = Conditions.find(after, ConditionTypes.EXPIRING);
    if (now.isPresent()) {
      return old.map(ClusterEvents::notice).equals(now.map(ClusterEvents::notice))
          ? List.of()
          : List.of(new EventNote(true, "RayClusterExpiring", "Expire", now.get().getMessage()));
    }
    return old.isEmpty() || (cluster.getSpec() != null && cluster.getSpec().suspended())
        ? List.of()
        : List.of(
            new EventNote(
                false,
                "RayClusterNotExpiring",
                "Expire",
                "the cluster stays: what it was going to be suspended or deleted for is over"));
  }

  private static String notice(Condition condition) {
    return condition.getReason() + " " + condition.getLastTransitionTime();
  }

  private static Optional<Condition> stop(List<Condition> conditions) {
    return Conditions.find(conditions, ConditionTypes.UPDATE_PENDING)
        .filter(condition -> Outdated.STOPPED.equals(condition.getReason()));
  }

  private static List<EventNote> ofValidation(String reason, String note, List<Condition> before) {
    return isTold(note, before)
        ? List.of()
        : List.of(new EventNote(true, reason, "Validate", note));
  }

  private static boolean isTold(String note, List<Condition> conditions) {
    return Conditions.find(conditions, ConditionTypes.STALLED)
        .filter(condition -> Conditions.shortened(note).equals(condition.getMessage()))
        .isPresent();
  }

  private static boolean isNews(Outcome.Failure failure, List<Condition> before) {
    return failure.kind() != Outcome.Kind.TRANSIENT && !ReportedFailures.isTold(failure, before);
  }

  /**
   * KubeRay has no Event for the Secret of a cluster's token either, nor for its finalizer; and to
   * look is no deed.
   */
  private static boolean isTold(Action action) {
    return switch (action) {
      case Action.MakeSecret make -> make.kind() != SecretKind.TOKEN;
      case Action.RequireSecret _, Action.AddFinalizer _ -> false;
      default -> true;
    };
  }

  private static EventNote note(String reason, List<Outcome> outcomes) {
    Outcome first = outcomes.getFirst();
    String names =
        outcomes.stream()
            .limit(NAMES_SHOWN)
            .map(outcome -> outcome.action().name())
            .collect(Collectors.joining(", "));
    int others = outcomes.size() - NAMES_SHOWN;
    String which = others > 0 ? names + " and " + others + " others" : names;
    String whys =
        outcomes.stream()
            .map(outcome -> outcome.action().reason().why())
            .distinct()
            .collect(Collectors.joining("; "));
    String note =
        first
            .failure()
            .map(failure -> "%s: %s (%s)".formatted(which, failure.message(), whys))
            .orElse("%s: %s".formatted(which, whys));
    boolean warning = first.failure().isPresent() || Reasons.isAlarming(first.action().reason());
    return new EventNote(warning, reason, verb(first.action()), note);
  }

  private static String reason(Outcome outcome) {
    var reason = outcome.action().reason();
    return outcome.failure().isPresent() ? reason.failed() : reason.done();
  }

  private static String verb(Action action) {
    return switch (action) {
      case Action.Apply apply -> apply.observedUid().isPresent() ? "Update" : "Create";
      case Action.Create _, Action.CreatePod _, Action.MakeSecret _ -> "Create";
      case Action.Delete _, Action.DeletePod _, Action.DeleteCluster _ -> "Delete";
      case Action.RequireSecret _ -> "Reconcile";
      case Action.AddFinalizer _ -> "Update";
      case Action.SuspendCluster _ -> "Suspend";
      case Action.RemoveFinalizer _ -> "Cleanup";
    };
  }

  private ClusterEvents() {}
}
