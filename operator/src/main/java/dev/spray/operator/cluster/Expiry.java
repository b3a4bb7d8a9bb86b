package dev.spray.operator.cluster;

import dev.spray.api.platform.Extension;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the lifecycle of a cluster makes of it at a moment.
 *
 * @param idleness what {@code Idle} is to say; empty: it isn't there
 * @param due what the users are warned of; empty: of nothing
 * @param carriedOut whether that is to be done now
 * @param lookAgainIn when time alone will change it
 * @param asksWhatRuns whether it is time to ask what runs in the cluster
 */
record Expiry(
    Optional<Idleness> idleness,
    Optional<Due> due,
    boolean carriedOut,
    Optional<Duration> lookAgainIn,
    boolean asksWhatRuns) {

  /** Of a cluster that has no lifecycle. */
  static final Expiry NONE =
      new Expiry(Optional.empty(), Optional.empty(), false, Optional.empty(), false);

  /**
   * What is going to happen.
   *
   * @param cause why
   * @param deletes whether the cluster is deleted, not suspended
   * @param since when the users were first warned of just this
   * @param at before which nothing happens
   * @param why the same for people, a clause
   */
  record Due(Cause cause, boolean deletes, Instant since, Instant at, String why) {

    /** The reason of the condition {@code Expiring}. */
    String reason() {
      return reason(cause, deletes);
    }

    static String reason(Cause cause, boolean deletes) {
      return (deletes ? "Delete" : "Suspend") + cause.words;
    }

    /** The message of the condition: what is going to happen, and what helps against it. */
    String message(RayCluster cluster) {
      ObjectMeta metadata = cluster.getMetadata();
      return "The cluster is going to be %s, at %s at the earliest: %s. To keep it longer: kubectl annotate raycluster %s -n %s --overwrite %s=%s"
          .formatted(
              deletes ? "deleted, with all that belongs to it" : "suspended, without its pods",
              Conditions.time(at),
              why,
              metadata.getName(),
              metadata.getNamespace(),
              Extension.ANNOTATION,
              Conditions.time(at.plus(Duration.ofDays(1))));
    }
  }

  /** Why a cluster goes. */
  enum Cause {
    /** Its time to live is over. */
    TTL("AfterTtl"),
    /** Nothing ran in it for long. */
    IDLE("WhenIdle");

    private final String words;

    Cause(String words) {
      this.words = words;
    }
  }
}
