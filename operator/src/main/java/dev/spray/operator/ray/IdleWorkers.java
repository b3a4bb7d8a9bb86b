package dev.spray.operator.ray;

import dev.spray.operator.plan.SecretKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which workers of a cluster have nothing to do, as its head says. What it says is good for some
 * seconds; a head that says nothing, or not soon, counts as one that knows of none.
 */
public final class IdleWorkers implements AutoCloseable {
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);

  private static final List<String> LISTS =
      List.of(
          StateList.path("nodes", "ALIVE"),
          StateList.path("tasks", "RUNNING"),
          StateList.path("actors", "ALIVE"));

  private static final Logger log = LoggerFactory.getLogger(IdleWorkers.class);

  private final InstantSource clock;
  private final Function<SecretKey, Optional<String>> tokens;
  private final Dashboard dashboard = new Dashboard();
  private final Asker asker = new Asker("idle-workers");
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(Set<String> addresses, Instant at) {}

  /**
   * @param tokens reads a token, for heads that ask for one; empty where it can't
   */
  public IdleWorkers(InstantSource clock, Function<SecretKey, Optional<String>> tokens) {
    this.clock = clock;
    this.tokens = tokens;
  }

  /** Addresses of idle workers, as far as the head knows; empty when it wasn't asked lately. */
  public Optional<Set<String>> known(String clusterUid) {
    Instant oldest = clock.instant().minus(GOOD_FOR);
    known.values().removeIf(answer -> answer.at().isBefore(oldest));
    return Optional.ofNullable(known.get(clusterUid)).map(Known::addresses);
  }

  /**
   * Asks a head, unless it is being asked already.
   *
   * @param answered told when {@link #known} has an answer, whatever it is
   */
  public void ask(Head head, Runnable answered) {
    asker.ask(
        head, () -> known.put(head.clusterUid(), new Known(idle(head), clock.instant())), answered);
  }

  private Set<String> idle(Head head) {
    try {
      List<Dashboard.Answer> lists = dashboard.get(head, head.token().flatMap(tokens), LISTS);
      return IdleReport.idle(
          lists.get(0).as(StateList.class),
          lists.get(1).as(StateList.class),
          lists.get(2).as(StateList.class));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of();
    } catch (IOException | RuntimeException e) {
      log.debug("{} does not say which workers are idle: {}", head.address(), e.toString());
      return Set.of();
    }
  }

  @Override
  public void close() {
    asker.close();
    dashboard.close();
  }
}
