package dev.spray.e2e.faults;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the clusters of a namespace ever said to have failed, also if they took it back. */
final class ReportedFailures implements AutoCloseable {
  private final Set<String> conditions = new ConcurrentSkipListSet<>();
  private final KubernetesClient admin;
  private final String namespace;
  private final SharedIndexInformer<RayCluster> clusters;

  ReportedFailures(KubernetesClient admin, String namespace) {
    this.admin = admin;
    this.namespace = namespace;
    clusters =
        Endless.inform(admin.resources(RayCluster.class).inNamespace(namespace), new Reader());
  }

  /** Conditions and warning Events. */
  Set<String> seen() {
    Set<String> seen = new TreeSet<>(conditions);
    admin.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "RayCluster".equals(event.getRegarding().getKind()))
        .filter(event -> "Warning".equals(event.getType()))
        .forEach(event -> seen.add(event.getReason() + ": " + event.getNote()));
    return seen;
  }

  @Override
  public void close() {
    clusters.close();
  }

  private final class Reader implements ResourceEventHandler<RayCluster> {
    @Override
    public void onAdd(RayCluster cluster) {
      if (cluster.getStatus() == null || cluster.getStatus().conditions() == null) {
        return;
      }
      cluster.getStatus().conditions().stream()
          .filter(condition ->
              condition.getType().equals(ConditionTypes.REPLICA_FAILURE)
                  || condition.getType().equals(ConditionTypes.STALLED))
          .filter(condition -> condition.getStatus().equals("True"))
          .forEach(
              condition -> conditions.add(condition.getType() + ": " + condition.getMessage()));
    }

    @Override
    public void onUpdate(RayCluster old, RayCluster cluster) {
      onAdd(cluster);
    }

    @Override
    public void onDelete(RayCluster cluster, boolean unknown) {}
  }
}
