package dev.spray.operator.resources;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Everything that a cluster must have beside its pods. */
public final class Children {

  /**
   * All of it, in the order in which it is made: what others refer to comes before them.
   *
   * @param running names of the worker groups of which there are pods
   */
  public static List<Child> desired(
      RayCluster cluster, Collection<String> running, ChildSettings settings) {
    RayClusterSpec spec = cluster.getSpec();
    List<Child> children = new ArrayList<>();
    children.add(Child.of(HeadService.desired(cluster, settings), "head service"));
    if (spec.autoscaled()) {
      children.addAll(AutoscalerRights.desired(cluster));
    }
    if (WorkerService.isNeeded(spec)) {
      children.add(Child.of(WorkerService.desired(cluster), "service of its multi-host workers"));
    }
    if (ServeService.isAskedFor(cluster) && ServeService.isPossible(cluster)) {
      children.add(Child.of(ServeService.desired(cluster), "serve service"));
    }
    if (GcsVolume.isMade(cluster)) {
      children.add(GcsVolume.child(cluster));
    }
    WorkspaceVolume.child(cluster).ifPresent(children::add);
    if (spec.headGroupSpec().exposed()) {
      children.add(Child.of(DashboardIngress.desired(cluster), "Ingress to its dashboard"));
    }
    children.addAll(NetworkPolicies.desired(cluster, running, settings.network()));
    return List.copyOf(children);
  }

  private Children() {}
}
