package dev.spray.operator.resources;

import dev.spray.api.raycluster.RayCluster;
import java.util.List;

/** Everything that a cluster must have beside its pods. */
public final class Children {

  /** All of it, in the order in which it is made. */
  public static List<Child> desired(RayCluster cluster, ChildSettings settings) {
    return List.of(Child.of(HeadService.desired(cluster, settings), "head service"));
  }

  private Children() {}
}
