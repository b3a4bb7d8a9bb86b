package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Builds the conditions of one status: a transition time moves only when the status does. */
final class Conditions {
  /** A fraction of what the schema allows: nobody reads more. */
  private static final int LONGEST_MESSAGE = 4096;

  /** What the schema takes for a reason; a container runtime may give any text. */
  private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

  private final List<Condition> before;
  private final long generation;
  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  Conditions(List<Condition> before, long generation, Instant now) {
    this.before = before == null ? List.of() : before;
    this.generation = generation;
    this.now = now;
  }

  /** Those of a cluster's status; none while it has no status. */
  static List<Condition> of(RayCluster cluster) {
    return cluster.getStatus() == null || cluster.getStatus().conditions() == null
        ? List.of()
        : cluster.getStatus().conditions();
  }

  void set(String type, boolean value, String reason, String message) {
    String status = value ? "True" : "False";
    String since =
        find(before, type)
            .filter(old -> status.equals(old.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElse(time(now));
    set(type, status, reason, message, since);
  }

  /** With a transition time of its own. */
  void set(String type, boolean value, String reason, String message, Instant since) {
    set(type, value ? "True" : "False", reason, message, time(since));
  }

  private void set(String type, String status, String reason, String message, String since) {
    boolean word = REASON.matcher(reason).matches();
    conditions.add(
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(word ? reason : "Unknown")
            .withMessage(shortened(word ? message : reason + ": " + message))
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
  }

  /** As it was; nothing when it wasn't there. */
  void keep(String type) {
    find(before, type)
        .ifPresent(
            old -> set(type, "True".equals(old.getStatus()), old.getReason(), old.getMessage()));
  }

  boolean wasTrue(String type) {
    return isTrue(before, type);
  }

  /** By type, so that equal conditions are equal lists. */
  List<Condition> sorted() {
    return sorted(conditions);
  }

  static List<Condition> sorted(List<Condition> conditions) {
    return conditions.stream().sorted(Comparator.comparing(Condition::getType)).toList();
  }

  static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type).filter(found -> "True".equals(found.getStatus())).isPresent();
  }

  /** When a condition became true; empty while it isn't. */
  static Optional<Instant> trueSince(List<Condition> conditions, String type) {
    return find(conditions, type)
        .filter(found -> "True".equals(found.getStatus()))
        .flatMap(found -> instant(found.getLastTransitionTime()));
  }

  /** The instant of a time; empty when there is none, or somebody else has spoilt it. */
  static Optional<Instant> instant(String time) {
    try {
      return Optional.ofNullable(time).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** A message as it stands in a condition. */
  static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 3) + "...";
  }

  /** RFC 3339 in whole seconds, as Kubernetes' own times. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
