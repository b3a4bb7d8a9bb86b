package dev.spray.e2e.faults;

import dev.spray.e2e.faults.Chronicle.Account;
import dev.spray.e2e.testbed.Manifests;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Scenarios of the stale and lossy suite, and its choice of the common ones. */
final class MoreScenarios {
  private static final String THREE = Manifests.cluster("c", 3);

  /** One of {@link Scenario#all}. */
  static Scenario named(String name) {
    return Scenario.all().stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A head and that many workers out of nothing. */
  static Scenario creationOf(int workers) {
    return new Scenario(
        "creation of " + workers,
        "",
        playground -> playground.apply(Manifests.cluster("c", workers)),
        workers + 3,
        end(workers + 1, 0, workers));
  }

  /** The head is taken away by somebody. */
  static Scenario headLost() {
    return new Scenario(
        "head lost",
        THREE,
        playground ->
            playground
                .admin()
                .pods()
                .inNamespace(playground.namespace())
                .withName("c-head")
                .withGracePeriod(0)
                .delete(),
        1,
        end(5, 1, 3));
  }

  /**
   * A number of workers is changed and, by what goes on meanwhile, changed again.
   *
   * @param pods how many there must ever have been at its end
   */
  static Scenario resized(int first, int pods, int deleted, int last) {
    return new Scenario(
        "3, %d, %d workers".formatted(first, last),
        Scenario.grownToThree(),
        playground -> playground.apply(Manifests.cluster("c", first)),
        1,
        end(pods, deleted, last));
  }

  private static Account end(long pods, long deleted, int workers) {
    Set<String> there = new TreeSet<>(Set.of("Service c-head-svc", "Pod headgroup"));
    IntStream.range(0, workers).forEach(index -> there.add("Pod small " + index));
    return new Account(Map.of("Pod", pods, "Service", 1L), deleted, there);
  }

  private MoreScenarios() {}
}
