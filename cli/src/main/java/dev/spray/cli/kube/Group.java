package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A worker group.
 *
 * @param name of the group
 * @param index position in {@code spec.workerGroupSpecs}, or in {@code spec.platform.groups} of a
 *     cluster that is not complete yet
 * @param replicas wanted replicas, within their bounds
 * @param min lower bound; null when not said
 * @param max upper bound; null when there is none
 * @param hosts pods of one replica
 * @param suspended whether it is to have no pods
 * @param shape what one pod asks for
 */
public record Group(
    String name,
    int index,
    int replicas,
    Integer min,
    Integer max,
    int hosts,
    boolean suspended,
    Shape shape) {

  static Group of(JsonNode group, int index, Shape shape) {
    Integer min = Json.number(group, "minReplicas");
    Integer max = Json.number(group, "maxReplicas");
    Integer asked = Json.number(group, "replicas");
    Integer hosts = Json.number(group, "numOfHosts");
    boolean suspended = Json.at(group, "suspend").asBoolean();
    int wanted = Math.max(asked == null ? 0 : asked, min == null ? 0 : min);
    return new Group(
        Json.text(group, "groupName"),
        index,
        suspended ? 0 : Math.min(wanted, max == null ? Integer.MAX_VALUE : max),
        min,
        max == null || max == Integer.MAX_VALUE ? null : max,
        hosts == null ? 1 : hosts,
        suspended,
        shape);
  }

  /** Wanted pods. */
  public long pods() {
    return (long) replicas * hosts;
  }

  /** For example {@code 0..4}, {@code 0..}; empty when nothing is said. */
  public String bounds() {
    if ((min == null || min == 0) && max == null) {
      return "";
    }
    return (min == null ? 0 : min) + ".." + (max == null ? "" : max);
  }
}
