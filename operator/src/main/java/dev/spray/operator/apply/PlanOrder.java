package dev.spray.operator.apply;

import dev.spray.api.RayLabels;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The order in which a plan is carried out: like actions side by side, in batches of 1, 2, 4, … so
 * that a quota or a webhook that says no costs few calls. Applies go one by one: a RoleBinding is
 * refused while its Role is missing. After a failure only that is tried which doesn't rest on what
 * failed.
 */
final class PlanOrder {
  /** Creates of one cluster that go side by side once the first ones have worked. */
  private static final int WIDEST_BATCH = 32;

  private List<Action> left;
  private Optional<Class<?>> kind = Optional.empty();
  private int width = 1;

  PlanOrder(List<Action> actions) {
    left = actions;
  }

  boolean isDone() {
    return left.isEmpty();
  }

  /** Takes the actions that go next, side by side. */
  List<Action> next() {
    Class<?> next = left.getFirst().getClass();
    boolean grows = kind.filter(next::equals).isPresent() && next != Action.Apply.class;
    width = grows ? Math.min(width * 2, WIDEST_BATCH) : 1;
    kind = Optional.of(next);
    List<Action> batch =
        left.stream().limit(width).takeWhile(action -> action.getClass() == next).toList();
    left = left.subList(batch.size(), left.size());
    return batch;
  }

  /** Drops what is not to be tried any more. */
  void after(List<Outcome> outcomes) {
    List<Outcome> failed = outcomes.stream().filter(o -> o.failure().isPresent()).toList();
    if (failed.isEmpty() && endsCluster(outcomes.getFirst().action())) {
      left = List.of();
    } else if (!failed.isEmpty()) {
      left = left.stream().filter(stillPossible(failed)).toList();
      kind = Optional.empty();
    }
  }

  /** What else was to be done is for a cluster that stays. */
  private static boolean endsCluster(Action action) {
    return action instanceof Action.SuspendCluster || action instanceof Action.DeleteCluster;
  }

  /**
   * When an object beside the pods is missing, or somebody else's, or the cluster lacks a
   * finalizer, no pod is made that would need it; but pods that are to go wait for no object. When
   * the API server refuses a pod, the others of its group are not tried, but those of other groups
   * are; when it can't be reached, or something has changed meanwhile, nothing more is.
   *
   * @param failed of one kind
   */
  private static Predicate<Action> stillPossible(List<Outcome> failed) {
    boolean refused =
        failed.stream().noneMatch(o -> o.failure().get().kind() == Outcome.Kind.TRANSIENT);
    Predicate<Action> isDeletion = Action.DeletePod.class::isInstance;
    return switch (failed.getFirst().action()) {
      case Action.Apply _, Action.MakeSecret _, Action.RequireSecret _, Action.AddFinalizer _ ->
          isDeletion;
      case Action.SuspendCluster _, Action.DeleteCluster _ -> action -> refused;
      case Action.Delete _ -> refused ? action -> true : isDeletion;
      case Action.DeletePod _ -> refused ? isDeletion.negate() : action -> false;
      case Action.CreatePod _ -> {
        Set<String> groups =
            failed.stream().flatMap(o -> group(o.action()).stream()).collect(Collectors.toSet());
        yield refused
            ? action -> group(action).filter(groups::contains).isEmpty()
            : action -> false;
      }
      case Action.Create _, Action.RemoveFinalizer _ -> action -> false;
    };
  }

  /** The group of a pod that is to be created. */
  private static Optional<String> group(Action action) {
    return action instanceof Action.CreatePod create
        ? Optional.of(create.pod().getMetadata().getLabels().get(RayLabels.GROUP))
        : Optional.empty();
  }
}
