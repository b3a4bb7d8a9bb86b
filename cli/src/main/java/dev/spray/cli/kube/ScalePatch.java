package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of a worker group's numbers that loses nobody else's: a JSON patch that touches those
 * numbers alone, and only if the group is still where it was.
 *
 * @param group as it was
 * @param json the patch
 * @param change what it does, for people
 */
public record ScalePatch(Group group, String json, String change) {

  /**
   * Decides it.
   *
   * @param groupName null where the cluster has one group
   * @param replicas null: left alone
   * @param min null: left alone
   * @param max null: left alone
   */
  public static ScalePatch of(
      Cluster cluster, String groupName, Integer replicas, Integer min, Integer max) {
    if (replicas == null && min == null && max == null) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "nothing to change")
          .suggesting("give --replicas N, --min N or --max N");
    }
    Group group = choose(cluster, groupName);
    check(cluster, group, replicas, min, max);
    String at =
        (cluster.complete() ? "/spec/workerGroupSpecs/" : "/spec/platform/groups/") + group.index();
    ArrayNode patch = Json.array();
    patch.addObject().put("op", "test").put("path", at + "/groupName").put("value", group.name());
    List<String> changes = new ArrayList<>();
    set(patch, changes, at + "/minReplicas", "at least", min);
    set(patch, changes, at + "/maxReplicas", "at most", max);
    set(patch, changes, at + "/replicas", "to", replicas);
    return new ScalePatch(group, patch.toString(), String.join(", ", changes));
  }

  private static void set(
      ArrayNode patch, List<String> changes, String path, String word, Integer value) {
    if (value != null) {
      patch.addObject().put("op", "add").put("path", path).put("value", value);
      changes.add(word + " " + value);
    }
  }

  private static Group choose(Cluster cluster, String name) {
    List<Group> groups = cluster.groups();
    if (groups.isEmpty()) {
      throw new Failure(ErrorCode.NOT_FOUND, "cluster " + cluster.name() + " has no worker group")
          .suggesting("sp-ray edit cluster " + cluster.name() + " -n " + cluster.namespace());
    }
    List<String> names = groups.stream().map(Group::name).toList();
    if (name == null && groups.size() > 1) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG, "cluster " + cluster.name() + " has several worker groups")
          .suggesting("--worker-group with one of: " + String.join(", ", names));
    }
    return groups.stream()
        .filter(group -> name == null || group.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Failure(
                    ErrorCode.NOT_FOUND,
                    "cluster " + cluster.name() + " has no worker group " + name)
                .suggesting("--worker-group with one of: " + String.join(", ", names)));
  }

  private static void check(
      Cluster cluster, Group group, Integer replicas, Integer min, Integer max) {
    int low = min != null ? min : group.min() == null ? 0 : group.min();
    int high = max != null ? max : group.max() == null ? Integer.MAX_VALUE : group.max();
    if (low < 0 || low > high) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "--min " + low + " and --max " + high + " leave nothing in between");
    }
    if (replicas == null) {
      return;
    }
    if (cluster.autoscaled()) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              "Ray's autoscaler sets the replicas of cluster " + cluster.name())
          .because("it would undo --replicas within seconds")
          .suggesting(
              "sp-ray scale cluster "
                  + cluster.name()
                  + " -n "
                  + cluster.namespace()
                  + " --worker-group "
                  + group.name()
                  + " --min "
                  + replicas
                  + " --max "
                  + Math.max(replicas, high == Integer.MAX_VALUE ? replicas : high));
    }
    if (replicas < low || replicas > high) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              replicas
                  + " is outside the bounds of worker group "
                  + group.name()
                  + ", "
                  + low
                  + " to "
                  + (high == Integer.MAX_VALUE ? "any number" : high))
          .suggesting(
              replicas > high ? "add --max " + replicas : "add --min " + Math.max(0, replicas));
    }
  }
}
