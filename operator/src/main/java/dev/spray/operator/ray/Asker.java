package dev.spray.operator.ray;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks heads in the background: few at once, and none a second time while it is being asked. */
final class Asker implements AutoCloseable {
  private static final int HEADS_AT_ONCE = 4;

  private final ExecutorService threads;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  /**
   * @param name for its threads
   */
  Asker(String name) {
    threads =
        Executors.newFixedThreadPool(
            HEADS_AT_ONCE, Thread.ofVirtual().name(name + "-", 0).factory());
  }

  /**
   * Asks a head, unless it is being asked already.
   *
   * @param question asks, and keeps what comes of it
   * @param answered told afterwards, whatever came of it
   */
  void ask(Head head, Runnable question, Runnable answered) {
    if (!asked.add(head.clusterUid())) {
      return;
    }
    threads.execute(() -> {
      try {
        question.run();
      } finally {
        asked.remove(head.clusterUid());
      }
      answered.run();
    });
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
