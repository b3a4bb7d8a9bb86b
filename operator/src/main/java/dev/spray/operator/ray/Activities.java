package dev.spray.operator.ray;

import dev.spray.operator.plan.SecretKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether anything runs in a cluster, as its head says. What it says is kept with its age, for
 * others to judge how long it is good for; what can't be read is known as unknown.
 */
public final class Activities implements AutoCloseable {
  /** Longer than anybody waits to ask again. */
  private static final Duration KEPT = Duration.ofMinutes(30);

  private static final List<String> PATHS =
      List.of("/api/component_activities", StateList.path("actors", "ALIVE"));

  private static final Logger log = LoggerFactory.getLogger(Activities.class);

  private final LongSupplier nanoTime;
  private final Function<SecretKey, Optional<String>> tokens;
  private final Dashboard dashboard = new Dashboard();
  private final Asker asker = new Asker("activities");
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param token that the head took: heads are asked every few minutes, and a settled cluster is to
   *     make no call of the API server
   */
  private record Known(Activity activity, long at, Optional<String> token) {}

  /**
   * @param nanoTime gives what {@link System#nanoTime} does
   * @param tokens reads a token, for heads that ask for one; empty where it can't
   */
  public Activities(LongSupplier nanoTime, Function<SecretKey, Optional<String>> tokens) {
    this.nanoTime = nanoTime;
    this.tokens = tokens;
  }

  /** What the head has said last; empty when it wasn't asked, or that is long ago. */
  public Optional<Activity> known(String clusterUid) {
    return Optional.ofNullable(known.get(clusterUid))
        .map(last -> last.activity().aged(age(last)))
        .filter(activity -> activity.age().compareTo(KEPT) < 0);
  }

  /**
   * Asks a head, unless it is being asked already.
   *
   * @param answered told when {@link #known} has an answer, whatever it is
   */
  public void ask(Head head, Runnable answered) {
    asker.ask(
        head,
        () -> {
          Known answer = answer(head);
          known.values().removeIf(last -> age(last).compareTo(KEPT) >= 0);
          known.put(head.clusterUid(), answer);
        },
        answered);
  }

  private Duration age(Known last) {
    return Duration.ofNanos(nanoTime.getAsLong() - last.at());
  }

  private Known answer(Head head) {
    Optional<String> token = Optional.empty();
    try {
      token = token(head);
      List<Dashboard.Answer> answers = dashboard.get(head, token, PATHS);
      if (answers.stream().allMatch(Dashboard.Answer::isOk)) {
        Activity activity =
            ActivityReport.of(
                answers.get(0).asMapOf(ActivityReport.Component.class),
                answers.get(1).as(StateList.class));
        return new Known(activity, nanoTime.getAsLong(), token);
      }
      log.debug("{} does not say what runs: it answers something else", head.address());
      // Perhaps for the token's sake.
      token = Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.debug("{} does not say what runs: {}", head.address(), e.toString());
    }
    return new Known(Activity.unknown(), nanoTime.getAsLong(), token);
  }

  /** The one that the head took before, if it is asked for one; else what the Secret has now. */
  private Optional<String> token(Head head) {
    return head.token()
        .flatMap(place ->
            Optional.ofNullable(known.get(head.clusterUid()))
                .flatMap(Known::token)
                .or(() -> tokens.apply(place)));
  }

  @Override
  public void close() {
    asker.close();
    dashboard.close();
  }
}
