package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs that don't touch each other go at the same time; all are finished, whatever fails. */
final class SideBySide {
  private static final int AT_ONCE = 5;

  private final Map<String, Runnable> runs = new LinkedHashMap<>();

  SideBySide add(String name, Runnable run) {
    if (runs.put(name, run) != null) {
      throw new IllegalArgumentException("two runs are called " + name);
    }
    return this;
  }

  /** Runs them all; fails with the names and messages of those that failed. */
  void run() {
    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      Map<String, Future<?>> outcomes = new LinkedHashMap<>();
      runs.forEach((name, run) -> outcomes.put(name, threads.submit(run)));
      for (Map.Entry<String, Future<?>> outcome : outcomes.entrySet()) {
        try {
          outcome.getValue().get();
        } catch (ExecutionException e) {
          failures.add(outcome.getKey() + ": " + e.getCause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    System.out.printf(
        "runs with faults: %d; all faults fired and converged: %d%n",
        runs.size(), runs.size() - failures.size());
    assertThat(failures).isEmpty();
  }
}
