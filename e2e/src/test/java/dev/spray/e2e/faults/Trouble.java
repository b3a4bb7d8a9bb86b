package dev.spray.e2e.faults;

import java.util.List;
import java.util.function.Consumer;

/**
 * What goes wrong between the operator and the API server while something is done to a cluster.
 *
 * @param rules in force from just before the change
 * @param meanwhile done right after the change: it waits for the faults, ends them, adds others
 */
record Trouble(List<FaultRule> rules, Consumer<FaultRun.Stage> meanwhile) {

  /** Rules that end by themselves, or that a cluster can live with. */
  static Trouble of(FaultRule... rules) {
    return new Trouble(List.of(rules), stage -> {});
  }

  /** The same rules, and something that is done about them. */
  Trouble meanwhile(Consumer<FaultRun.Stage> act) {
    return new Trouble(rules, act);
  }
}
