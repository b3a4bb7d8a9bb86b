package dev.spray.operator.ray;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads from the answers of a head whether anything runs in its cluster; pure.
 *
 * <p>Something does while a driver is connected: a job, a notebook, a client; while a further
 * component says so that the cluster's makers have named to Ray; and while an actor lives that has
 * outlived its driver, as those of Ray Serve do. Actors that Ray's libraries leave behind for
 * themselves don't count, else no cluster that has ever read data with them would be idle again.
 */
final class ActivityReport {
  private static final String DRIVERS = "driver";
  private static final String ACTIVE = "ACTIVE";
  private static final String INACTIVE = "INACTIVE";
  private static final String INTERNAL = "_ray_internal_";

  /** Namespaces of such actors. */
  private static final Set<String> RAYS_OWN =
      Set.of(
          "_dataset_stats_actor",
          "_dataset_stats_summary_actor",
          "_train_state_actor",
          "ActorLocationTracker",
          "AutoscalingCoordinator",
          "AutoscalingRequester",
          "DataUsageCollectionActor",
          "llm_batch_telemetry",
          "llm_serve_telemetry");

  /** Texts are the users'. */
  private static final int SHOWN = 100;

  /** Beyond the year 9999 there is no time. */
  private static final double LAST_SECOND = 253_402_300_799d;

  /**
   * What Ray says of a part of the cluster.
   *
   * @param active one of three words, the third of which is for errors
   * @param last when it ended last, in seconds since 1970; absent: never
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Component(
      @JsonProperty("is_active") String active, @JsonProperty("last_activity_at") Double last) {}

  /**
   * Whether anything runs.
   *
   * @param components by name; Ray always tells of the drivers
   * @param actors that live
   */
  static Activity of(Map<String, Component> components, StateList actors) {
    Optional<String> running = running(components).or(() -> running(actors));
    if (running.isPresent()) {
      return Activity.running(running.get());
    }
    boolean readable =
        components != null
            && components.containsKey(DRIVERS)
            && components.values().stream().allMatch(ActivityReport::isInactive)
            && actors != null
            && actors.isComplete();
    return readable ? Activity.nothing(last(components)) : Activity.unknown();
  }

  private static Optional<String> running(Map<String, Component> components) {
    return components == null
        ? Optional.empty()
        : components.entrySet().stream()
            .filter(entry -> entry.getValue() != null && ACTIVE.equals(entry.getValue().active()))
            .map(Map.Entry::getKey)
            .sorted()
            .findFirst()
            .map(name ->
                name.equals(DRIVERS) ? "A driver is connected" : shown(name) + " is active");
  }

  private static Optional<String> running(StateList actors) {
    return actors == null || !actors.hasRows()
        ? Optional.empty()
        : actors.rows().stream()
            .filter(actor -> actor != null && !isRaysOwn(actor.namespace()))
            .map(actor ->
                "An actor lives: %s of namespace %s"
                    .formatted(shown(actor.className()), shown(actor.namespace())))
            .sorted()
            .findFirst();
  }

  private static boolean isRaysOwn(String namespace) {
    return namespace != null && (namespace.startsWith(INTERNAL) || RAYS_OWN.contains(namespace));
  }

  private static boolean isInactive(Component component) {
    return component != null
        && INACTIVE.equals(component.active())
        && (component.last() == null || (component.last() >= 0 && component.last() <= LAST_SECOND));
  }

  private static Optional<Instant> last(Map<String, Component> components) {
    return components.values().stream()
        .flatMap(component -> Stream.ofNullable(component.last()))
        .max(Double::compare)
        .map(seconds -> Instant.ofEpochMilli((long) (seconds * 1000)));
  }

  private static String shown(String text) {
    String said = text == null ? "?" : text;
    return said.length() <= SHOWN ? said : said.substring(0, SHOWN) + "...";
  }

  private ActivityReport() {}
}
