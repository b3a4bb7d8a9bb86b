package dev.spray.operator.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a pass wants done.
 *
 * @param actions in the order in which they are carried out; neighbours of the same kind may go
 *     side by side
 * @param lookAgainIn when time alone will change the decision
 * @param asksWhoIsIdle whether what Ray says about its workers will change it
 * @param asksWhatRuns whether it is time to ask what runs in the cluster
 */
public record Plan(
    List<Action> actions,
    Optional<Duration> lookAgainIn,
    boolean asksWhoIsIdle,
    boolean asksWhatRuns) {

  public Plan {
    actions = List.copyOf(actions);
  }

  /** Without a question to Ray. */
  public Plan(List<Action> actions, Optional<Duration> lookAgainIn) {
    this(actions, lookAgainIn, false, false);
  }

  /** Nothing to do until something changes. */
  public static final Plan NOTHING = new Plan(List.of(), Optional.empty());
}
