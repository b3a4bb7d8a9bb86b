package dev.spray.e2e.faults;

import dev.spray.e2e.faults.FaultRule.Phase;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A moment at which the operator is killed.
 *
 * @param write the n-th write after the change, counted from 1
 * @param phase where that write is then
 */
record CrashPoint(int write, Phase phase) {

  /** Every write of a scenario in every phase. */
  static List<CrashPoint> of(Scenario scenario) {
    return IntStream.rangeClosed(1, scenario.writes())
        .boxed()
        .flatMap(write -> Stream.of(Phase.values()).map(phase -> new CrashPoint(write, phase)))
        .toList();
  }

  @Override
  public String toString() {
    return "write %d, %s".formatted(write, phase);
  }
}
