package dev.spray.operator.ray;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads from answers of Ray's state API which workers have nothing to do; pure. */
final class IdleReport {

  /**
   * Addresses of workers on which no task runs and no actor lives.
   *
   * @param nodes that are alive
   * @param tasks that run
   * @param actors that live
   * @return none when tasks or actors aren't complete: who isn't named there may be at work all the
   *     same. The list of living nodes says that it isn't as soon as one has died, and may
   */
  static Set<String> idle(StateList nodes, StateList tasks, StateList actors) {
    if (!nodes.hasRows() || !tasks.isComplete() || !actors.isComplete()) {
      return Set.of();
    }
    Set<String> busy = new HashSet<>();
    Stream.of(tasks, actors).flatMap(one -> one.rows().stream()).forEach(r -> busy.add(r.node()));
    // Nodes in the network of their hosts may share an address.
    Set<String> busyAddresses =
        nodes.rows().stream()
            .filter(node -> node.head() || busy.contains(node.node()))
            .map(StateList.Row::address)
            .collect(Collectors.toSet());
    return nodes.rows().stream()
        .map(StateList.Row::address)
        .filter(address -> address != null && !busyAddresses.contains(address))
        .collect(Collectors.toUnmodifiableSet());
  }

  private IdleReport() {}
}
