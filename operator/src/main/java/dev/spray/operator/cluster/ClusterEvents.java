package dev.spray.operator.cluster;

import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells what a pass did: one Event per kind of action and result, however many objects; pure. */
final class ClusterEvents {
  private static final int NAMES_SHOWN = 5;

  static List<EventNote> of(List<Outcome> outcomes) {
    Map<String, List<Outcome>> byReason =
        outcomes.stream()
            .filter(o -> o.failure().filter(f -> f.kind() == Outcome.Kind.TRANSIENT).isEmpty())
            .collect(
                Collectors.groupingBy(
                    ClusterEvents::reason, LinkedHashMap::new, Collectors.toList()));
    return byReason.entrySet().stream()
        .map(entry -> note(entry.getKey(), entry.getValue()))
        .toList();
  }

  static EventNote of(List<Problem> problems, String action) {
    String note = String.join("; ", problems.stream().map(Problem::message).toList());
    return new EventNote(true, problems.getFirst().reason(), action, note);
  }

  private static EventNote note(String reason, List<Outcome> outcomes) {
    Outcome first = outcomes.getFirst();
    String names =
        outcomes.stream()
            .limit(NAMES_SHOWN)
            .map(outcome -> name(outcome.action()))
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
    return new EventNote(first.failure().isPresent(), reason, verb(first.action()), note);
  }

  private static String reason(Outcome outcome) {
    var reason = outcome.action().reason();
    return outcome.failure().isPresent() ? reason.failed() : reason.done();
  }

  private static String verb(Action action) {
    return switch (action) {
      case Action.Apply apply -> apply.observedUid().isPresent() ? "Update" : "Create";
      case Action.CreatePod create -> "Create";
      case Action.DeletePod delete -> "Delete";
    };
  }

  private static String name(Action action) {
    return switch (action) {
      case Action.Apply apply -> apply.desired().getMetadata().getName();
      case Action.CreatePod create -> create.pod().getMetadata().getName();
      case Action.DeletePod delete -> delete.name();
    };
  }

  private ClusterEvents() {}
}
